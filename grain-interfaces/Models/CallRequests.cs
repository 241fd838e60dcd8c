using System.Collections.Immutable;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Models;

/// <summary>Which model a direct call goes to, and for what.</summary>
/// <param name="ModelId">Id or slug.</param>
/// <param name="InternalToo">The caller sees internal models.</param>
/// <param name="Entity">The app or dataset that it is made for, if any.</param>
[GenerateSerializer, Immutable, Alias("call-target")]
public sealed record CallTarget(
    [property: Id(0)] string ModelId,
    [property: Id(1)] bool InternalToo,
    [property: Id(2)] EntityRef? Entity);

/// <summary>Asks for the vectors of texts.</summary>
[GenerateSerializer, Immutable, Alias("embed-request")]
public sealed record EmbedRequest(
    [property: Id(0)] CallTarget Target,
    [property: Id(1)] ImmutableArray<string> Texts);

/// <summary>Asks for images.</summary>
/// <param name="Width">In pixels, together with the height; null leaves the size to the provider.</param>
[GenerateSerializer, Immutable, Alias("draw-request")]
public sealed record DrawRequest(
    [property: Id(0)] CallTarget Target,
    [property: Id(1)] string Prompt,
    [property: Id(2)] int Count,
    [property: Id(3)] int? Width,
    [property: Id(4)] int? Height);

/// <summary>Asks for a JSON value.</summary>
/// <param name="Schema">The JSON Schema that it is to fit, as JSON.</param>
[GenerateSerializer, Immutable, Alias("compose-request")]
public sealed record ComposeRequest(
    [property: Id(0)] CallTarget Target,
    [property: Id(1)] ImmutableArray<PromptMessage> Messages,
    [property: Id(2)] string Schema,
    [property: Id(3)] string OutputSize);
