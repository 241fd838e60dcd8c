using System.Collections.Immutable;
using Informer.Ai.Chats;

namespace Informer.Ai.Memories;

/// <summary>A summary of a stretch of a chat.</summary>
/// <param name="Reason">One of <see cref="MemoryReason"/>.</param>
/// <param name="MessageIds">The messages that it sums up; one that was deleted since is still named.</param>
[GenerateSerializer, Immutable, Alias("memory")]
public sealed record Memory(
    [property: Id(0)] MemoryId Id,
    [property: Id(1)] ChatId Chat,
    [property: Id(2)] string Summary,
    [property: Id(3)] string Reason,
    [property: Id(4)] ImmutableArray<MessageId> MessageIds,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt);

/// <summary>A page of memories, oldest first, and how many there are in all.</summary>
[GenerateSerializer, Immutable, Alias("memory-page")]
public sealed record MemoryPage(
    [property: Id(0)] int Total,
    [property: Id(1)] ImmutableArray<Memory> Memories);

/// <summary>A memory that was found.</summary>
/// <param name="Score">Cosine of the angle to what was asked for: 1 is the same direction.</param>
[GenerateSerializer, Immutable, Alias("memory-hit")]
public sealed record MemoryHit([property: Id(0)] Memory Memory, [property: Id(1)] float Score);

/// <summary>Why a memory was made.</summary>
public static class MemoryReason
{
    public const string UserCreated = "user_created";
    public const string CompletedDiscussion = "completed_discussion";
    public const string TopicChange = "topic_change";
    public const string LengthThreshold = "length_threshold";
    public const string TimeThreshold = "time_threshold";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [UserCreated, CompletedDiscussion, TopicChange, LengthThreshold, TimeThreshold];
}
