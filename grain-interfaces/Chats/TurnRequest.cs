using System.Collections.Immutable;
using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>Asks a chat for one answer.</summary>
/// <param name="Turn">Made by the gateway: the same id again is the same turn.</param>
/// <param name="ModelId">Id or slug, in place of the chat's.</param>
/// <param name="OutputSize">In place of the chat's.</param>
/// <param name="DynamicSystem">Instructions for this turn alone, after the chat's.</param>
/// <param name="Resumable">The turn goes on when its connection is lost.</param>
[GenerateSerializer, Immutable, Alias("turn-request")]
public sealed record TurnRequest(
    [property: Id(0)] TurnId Turn,
    [property: Id(1)] TurnInput Input,
    [property: Id(2)] string? ModelId,
    [property: Id(3)] string? OutputSize,
    [property: Id(4)] ImmutableArray<ToolSpec> Tools,
    [property: Id(5)] string? DynamicSystem,
    [property: Id(6)] bool Resumable,
    [property: Id(7)] EntityRef? Entity);

/// <summary>What a turn answers to.</summary>
[GenerateSerializer, Immutable, Alias("turn-input")]
public abstract record TurnInput;

/// <summary>A new message of the user.</summary>
/// <param name="Parts">JSON array of UI message parts, already validated.</param>
/// <param name="Replaces">The user's message in whose place it is asked; that and all after it go. One that was never kept is simply asked.</param>
[GenerateSerializer, Immutable, Alias("turn-input-message")]
public sealed record NewMessage(
    [property: Id(0)] string? ClientId,
    [property: Id(1)] string Parts,
    [property: Id(2)] string? Replaces = null) : TurnInput;

/// <summary>Results of client tools that the last answer called; the answer goes on.</summary>
/// <param name="MessageId">The answer, as the client names it.</param>
/// <param name="Parts">Its parts as the client holds them; only results of open calls are taken from it.</param>
[GenerateSerializer, Immutable, Alias("turn-input-tools")]
public sealed record ToolResults([property: Id(0)] string MessageId, [property: Id(1)] string Parts) : TurnInput;

/// <summary>A new answer in place of an old one and all after it.</summary>
/// <param name="MessageId">The old answer, or the user's message before it; null is the latest answer.</param>
/// <param name="Latest">The user's message that the client's history ends with. It may never have been kept, when its turn was refused.</param>
[GenerateSerializer, Immutable, Alias("turn-input-regenerate")]
public sealed record Regenerate([property: Id(0)] string? MessageId, [property: Id(1)] NewMessage? Latest = null) : TurnInput;

/// <summary>A tool of the client that the model may call.</summary>
/// <param name="InputSchema">JSON Schema of its input.</param>
[GenerateSerializer, Immutable, Alias("tool-spec")]
public sealed record ToolSpec(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description,
    [property: Id(2)] string InputSchema);
