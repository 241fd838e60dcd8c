using System.Collections.Immutable;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Memories;

/// <summary>Asks for a memory of messages of a chat.</summary>
/// <param name="Id">Made by the gateway.</param>
/// <param name="Summary">Null lets the everyday model write one.</param>
[GenerateSerializer, Immutable, Alias("memory-new")]
public sealed record NewMemory(
    [property: Id(0)] MemoryId Id,
    [property: Id(1)] ChatId Chat,
    [property: Id(2)] ImmutableArray<MessageId> Messages,
    [property: Id(3)] string? Summary,
    [property: Id(4)] string Reason,
    [property: Id(5)] EntityRef? Entity);

/// <summary>Asks for another summary.</summary>
[GenerateSerializer, Immutable, Alias("memory-changed")]
public sealed record ChangedMemory(
    [property: Id(0)] ChatId Chat,
    [property: Id(1)] MemoryId Id,
    [property: Id(2)] string Summary,
    [property: Id(3)] EntityRef? Entity);

/// <summary>Asks for memories by meaning.</summary>
/// <param name="Chat">Null is all of the user's chats.</param>
[GenerateSerializer, Immutable, Alias("memory-search")]
public sealed record MemorySearch(
    [property: Id(0)] ChatId? Chat,
    [property: Id(1)] string Query,
    [property: Id(2)] int Limit,
    [property: Id(3)] float ScoreMin,
    [property: Id(4)] EntityRef? Entity);

/// <summary>A turn that was admitted and is about to begin.</summary>
/// <param name="Turn">The operation under which the recall's event stands.</param>
/// <param name="Question">The user's message, and its place in the chat.</param>
[GenerateSerializer, Immutable, Alias("memory-recall")]
public sealed record RecallRequest(
    [property: Id(0)] ChatId Chat,
    [property: Id(1)] HoldId Turn,
    [property: Id(2)] MessageId Question,
    [property: Id(3)] string Text,
    [property: Id(4)] long Ordinal,
    [property: Id(5)] EntityRef? Entity);

/// <summary>What came to mind, best first.</summary>
[GenerateSerializer, Immutable, Alias("memory-recollection")]
public sealed record Recollection([property: Id(0)] ImmutableArray<MemoryHit> Hits)
{
    /// <summary>Nothing.</summary>
    public static Recollection None { get; } = new([]);
}

/// <summary>A turn that has ended.</summary>
/// <param name="Turn">The operation under which the events of a memory stand.</param>
[GenerateSerializer, Immutable, Alias("memory-notice")]
public sealed record TurnNotice(
    [property: Id(0)] ChatId Chat,
    [property: Id(1)] HoldId Turn,
    [property: Id(2)] EntityRef? Entity);
