using System.Collections.Immutable;
using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>Asks a model directly, outside any chat.</summary>
/// <param name="Turn">Made by the gateway: the same id again is the same call.</param>
/// <param name="ModelId">Id or slug.</param>
/// <param name="Messages">The whole conversation, oldest first.</param>
/// <param name="Temperature">Null leaves it to the provider.</param>
/// <param name="InternalToo">The caller sees internal models.</param>
[GenerateSerializer, Immutable, Alias("invocation-request")]
public sealed record InvocationRequest(
    [property: Id(0)] TurnId Turn,
    [property: Id(1)] string ModelId,
    [property: Id(2)] ImmutableArray<PromptMessage> Messages,
    [property: Id(3)] string? System,
    [property: Id(4)] string? DynamicSystem,
    [property: Id(5)] ImmutableArray<ToolSpec> Tools,
    [property: Id(6)] string OutputSize,
    [property: Id(7)] float? Temperature,
    [property: Id(8)] EntityRef? Entity,
    [property: Id(9)] bool InternalToo = false);

/// <summary>One message of a direct call.</summary>
/// <param name="Id">The client's id: an answer to tool results goes on under it.</param>
/// <param name="Role">user or assistant.</param>
/// <param name="Parts">JSON array of UI message parts, already validated.</param>
[GenerateSerializer, Immutable, Alias("prompt-message")]
public sealed record PromptMessage(
    [property: Id(0)] string Id,
    [property: Id(1)] string Role,
    [property: Id(2)] string Parts);
