using System.Collections.Immutable;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Models;

/// <summary>How a direct call was answered.</summary>
[GenerateSerializer, Immutable, Alias("call-answer")]
public abstract record CallAnswer;

/// <summary>It was not made: nothing was called, nothing is charged.</summary>
[GenerateSerializer, Immutable, Alias("call-denied")]
public sealed record CallDenied([property: Id(0)] RunAnswer Why) : CallAnswer;

/// <summary>No model gave what was asked for. What was used all the same is charged.</summary>
/// <param name="Code">Such as PROVIDER_TIMEOUT or SCHEMA_MISMATCH.</param>
/// <param name="Message">Safe to show.</param>
[GenerateSerializer, Immutable, Alias("call-failed")]
public sealed record CallFailed([property: Id(0)] string Code, [property: Id(1)] string Message) : CallAnswer;

/// <summary>The vectors, in the order of their texts.</summary>
/// <param name="ModelId">The model that made them.</param>
[GenerateSerializer, Immutable, Alias("call-embedded")]
public sealed record Embedded(
    [property: Id(0)] ImmutableArray<ReadOnlyMemory<float>> Vectors,
    [property: Id(1)] string ModelId,
    [property: Id(2)] TokenUsage Usage,
    [property: Id(3)] long CreditsMicro) : CallAnswer;

/// <summary>The images that came; perhaps fewer than were asked for.</summary>
[GenerateSerializer, Immutable, Alias("call-drawn")]
public sealed record Drawn(
    [property: Id(0)] ImmutableArray<DrawnImage> Images,
    [property: Id(1)] long CreditsMicro) : CallAnswer;

/// <summary>One image.</summary>
[GenerateSerializer, Immutable, Alias("drawn-image")]
public sealed record DrawnImage([property: Id(0)] string MediaType, [property: Id(1)] ReadOnlyMemory<byte> Data);

/// <summary>A JSON value that fits the schema.</summary>
[GenerateSerializer, Immutable, Alias("call-composed")]
public sealed record Composed([property: Id(0)] string Json) : CallAnswer;
