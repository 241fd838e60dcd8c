using System.Collections.Immutable;
using Informer.Ai.Credits;
using Informer.Ai.Memories;

namespace Informer.Ai.Chats;

/// <summary>A conversation of one user.</summary>
/// <param name="Stale">Its model is gone or deprecated.</param>
/// <param name="Turn">The answer in flight, if any.</param>
[GenerateSerializer, Immutable, Alias("chat")]
public sealed record Chat(
    [property: Id(0)] ChatId Id,
    [property: Id(1)] ChatSettings Settings,
    [property: Id(2)] bool Stale,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset UpdatedAt,
    [property: Id(5)] TurnRef? Turn);

/// <summary>A turn that runs.</summary>
[GenerateSerializer, Immutable, Alias("turn-ref")]
public sealed record TurnRef([property: Id(0)] TurnId Id, [property: Id(1)] DateTimeOffset StartedAt);

/// <summary>What the owner of a chat decides about it.</summary>
/// <param name="Name">Null until it is named.</param>
/// <param name="AutoRename">The service may name it.</param>
/// <param name="ModelId">Id or slug of a chat model.</param>
/// <param name="OutputSize">small, medium or large.</param>
[GenerateSerializer, Immutable, Alias("chat-settings")]
public sealed record ChatSettings(
    [property: Id(0)] string? Name,
    [property: Id(1)] bool AutoRename,
    [property: Id(2)] string ModelId,
    [property: Id(3)] string Tier,
    [property: Id(4)] string? Instructions,
    [property: Id(5)] bool Web,
    [property: Id(6)] bool HelpCenter,
    [property: Id(7)] bool MagicReport,
    [property: Id(8)] bool Pinned,
    [property: Id(9)] string? Directory,
    [property: Id(10)] string OutputSize,
    [property: Id(11)] string? OwnerAssistantId,
    [property: Id(12)] string? PrimaryAssistantId,
    [property: Id(13)] ImmutableArray<string> AssistantIds,
    [property: Id(14)] ImmutableArray<string> DatasetIds,
    [property: Id(15)] ImmutableArray<string> LibraryIds,
    [property: Id(16)] EntityRef? Entity);

/// <summary>A message as it is kept. <paramref name="Parts"/> is the JSON array of its UI message parts.</summary>
/// <param name="ClientId">The id that the client gave its own message, to recognise it again; never used as ours.</param>
/// <param name="Role">user, assistant or system.</param>
/// <param name="Metadata">Set on an answer.</param>
/// <param name="Feedback">up, down or null.</param>
[GenerateSerializer, Immutable, Alias("chat-message")]
public sealed record ChatMessage(
    [property: Id(0)] MessageId Id,
    [property: Id(1)] string? ClientId,
    [property: Id(2)] string Role,
    [property: Id(3)] string Parts,
    [property: Id(4)] MessageMetadata? Metadata,
    [property: Id(5)] string? Feedback,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset UpdatedAt);

/// <summary>How an answer came about.</summary>
/// <param name="CreditsMicro">Charged, in micro-credits.</param>
/// <param name="FinishReason">stop, length, content-filter, tool-calls, abort, error or other.</param>
/// <param name="LimitedBy">The check that ended it early, such as CREDIT_LIMIT.</param>
/// <param name="Memories">What was recalled into its prompt; null is nothing.</param>
[GenerateSerializer, Immutable, Alias("message-metadata")]
public sealed record MessageMetadata(
    [property: Id(0)] string ModelId,
    [property: Id(1)] TokenUsage Usage,
    [property: Id(2)] long CreditsMicro,
    [property: Id(3)] bool Estimated,
    [property: Id(4)] string FinishReason,
    [property: Id(5)] TurnId TurnId,
    [property: Id(6)] string? LimitedBy = null,
    [property: Id(7)] ImmutableArray<MemoryId>? Memories = null)
{
    /// <summary>The same after an earlier part of the answer: what both used and cost, and how the later one ended.</summary>
    public MessageMetadata After(MessageMetadata? earlier) => earlier is null
        ? this
        : this with
        {
            Usage = earlier.Usage.Plus(Usage),
            CreditsMicro = earlier.CreditsMicro + CreditsMicro,
            Estimated = earlier.Estimated || Estimated,
        };
}
