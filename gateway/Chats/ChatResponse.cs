using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

/// <summary>A chat as its owner sees it.</summary>
public sealed record ChatResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string? Name,
    bool AutoRename,
    bool Stale,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string ModelId,
    string Tier,
    string? OwnerAssistantId,
    string? PrimaryAssistantId,
    ImmutableArray<string> AssistantIds,
    ImmutableArray<string> DatasetIds,
    ImmutableArray<string> LibraryIds,
    string? Instructions,
    bool Web,
    bool HelpCenter,
    bool MagicReport,
    string? Directory,
    string OutputSize,
    bool Pinned,
    EntityResponse? Entity,
    RunningTurnResponse? Turn)
{
    internal static ChatResponse Of(Chat chat) => new(
        Links.To($"/api/chats/{chat.Id}"),
        chat.Id.ToString(),
        chat.Settings.Name,
        chat.Settings.AutoRename,
        chat.Stale,
        chat.CreatedAt,
        chat.UpdatedAt,
        chat.Settings.ModelId,
        chat.Settings.Tier,
        chat.Settings.OwnerAssistantId,
        chat.Settings.PrimaryAssistantId,
        chat.Settings.AssistantIds,
        chat.Settings.DatasetIds,
        chat.Settings.LibraryIds,
        chat.Settings.Instructions,
        chat.Settings.Web,
        chat.Settings.HelpCenter,
        chat.Settings.MagicReport,
        chat.Settings.Directory,
        chat.Settings.OutputSize,
        chat.Settings.Pinned,
        chat.Settings.Entity is { } entity ? new EntityResponse(entity.Type, entity.Id) : null,
        chat.Turn is { } turn ? new RunningTurnResponse(turn.Id.ToString(), turn.StartedAt) : null);
}

/// <summary>The app or dataset that a chat is for.</summary>
public sealed record EntityResponse(string Type, string Id);

/// <summary>The answer in flight.</summary>
public sealed record RunningTurnResponse(string Id, DateTimeOffset StartedAt);

/// <summary>A page of chats.</summary>
public sealed record ChatListResponse(int Total, int Limit, int Offset, IReadOnlyList<ChatResponse> Results);

/// <summary>It was done.</summary>
public sealed record DoneResponse(bool Success = true);

/// <summary>A message of a chat.</summary>
/// <param name="Parts">As they were streamed.</param>
/// <param name="Metadata">Null for what the user wrote.</param>
public sealed record MessageResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string ChatId,
    string Role,
    JsonElement Parts,
    MessageMetadataResponse? Metadata,
    string? Feedback,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static MessageResponse Of(ChatId chat, ChatMessage message) => new(
        Links.To($"/api/chats/{chat}/messages/{message.Id}"),
        message.Id.ToString(),
        chat.ToString(),
        message.Role,
        JsonElement.Parse(message.Parts),
        message.Metadata is { } metadata ? MessageMetadataResponse.Of(metadata) : null,
        message.Feedback,
        message.CreatedAt,
        message.UpdatedAt);
}

/// <summary>How an answer came about, and what it cost.</summary>
/// <param name="Memories">What was recalled into its prompt.</param>
public sealed record MessageMetadataResponse(
    string ModelId, TokensResponse Usage, decimal Credits, bool Estimated, string FinishReason, string TurnId,
    IReadOnlyList<string> Memories)
{
    internal static MessageMetadataResponse Of(MessageMetadata metadata) => new(
        metadata.ModelId,
        TokensResponse.Of(metadata.Usage),
        CreditAmount.Of(metadata.CreditsMicro),
        metadata.Estimated,
        metadata.FinishReason,
        metadata.TurnId.ToString(),
        [.. (metadata.Memories ?? []).Select(id => id.ToString())]);
}
