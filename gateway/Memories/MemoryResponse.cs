using System.Text.Json.Serialization;

namespace Informer.Ai.Memories;

/// <summary>A summary of a stretch of a chat.</summary>
/// <param name="Reason">user_created, completed_discussion, topic_change, length_threshold or time_threshold.</param>
public sealed record MemoryResponse(
    [property: JsonPropertyName("_links"), JsonPropertyOrder(-1)] Links Links,
    string Id,
    string ChatId,
    string Summary,
    string Reason,
    int MessageCount,
    IReadOnlyList<string> MessageIds,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static MemoryResponse Of(Memory memory) => new(
        Links.To($"/api/chats/{memory.Chat}/memories/{memory.Id}"),
        memory.Id.ToString(),
        memory.Chat.ToString(),
        memory.Summary,
        memory.Reason,
        memory.MessageIds.Length,
        [.. memory.MessageIds.Select(id => id.ToString())],
        memory.CreatedAt,
        memory.UpdatedAt);
}

/// <summary>A memory that was found, and the cosine of the angle to the query.</summary>
public sealed record MemoryHitResponse(MemoryResponse Memory, float Score)
{
    internal static MemoryHitResponse Of(MemoryHit hit) => new(MemoryResponse.Of(hit.Memory), hit.Score);
}
