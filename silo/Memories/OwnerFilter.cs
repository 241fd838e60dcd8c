using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Informer.Ai.Chats;

namespace Informer.Ai.Memories;

/// <summary>
/// The points that belong to one owner, in one space. Requests that find or remove points take nothing else, and it
/// can only be made of an owner and made narrower.
/// </summary>
internal sealed class OwnerFilter
{
    private OwnerFilter(ImmutableArray<QdrantCondition> must) => Must = must;

    /// <summary>All of them have to be met.</summary>
    public ImmutableArray<QdrantCondition> Must { get; }

    public static OwnerFilter Of(MemoryOwner owner, EmbeddingSpace space) => new(
    [
        QdrantCondition.Is(PointPayload.TenantField, owner.Tenant.Value),
        QdrantCondition.Is(PointPayload.UserField, owner.User.Value),
        QdrantCondition.Is(PointPayload.ModelField, space.Model),
    ]);

    public OwnerFilter In(ChatId? chat) =>
        chat is { } one ? new(Must.Add(QdrantCondition.Is(PointPayload.ChatField, one.ToString()))) : this;

    public OwnerFilter Of(IEnumerable<MemoryId> ids) => new(Must.Add(new QdrantCondition(HasId: [.. ids.Select(id => id.Value)])));
}

/// <summary>A condition: a field of the payload has a value, or the point one of the ids.</summary>
internal sealed record QdrantCondition(string? Key = null, QdrantMatch? Match = null, ImmutableArray<Guid>? HasId = null)
{
    public static QdrantCondition Is(string field, string value) => new(field, new QdrantMatch(value));
}

internal sealed record QdrantMatch(string Value);

/// <summary>What stands beside a vector: whose it is and what it was made with, nothing of what it says.</summary>
internal sealed record PointPayload(
    [property: JsonPropertyName(PointPayload.TenantField)] string Tenant,
    [property: JsonPropertyName(PointPayload.UserField)] string User,
    [property: JsonPropertyName(PointPayload.ChatField)] string Chat,
    [property: JsonPropertyName(PointPayload.ModelField)] string Model)
{
    public const string TenantField = "tenant";
    public const string UserField = "user";
    public const string ChatField = "chat";
    public const string ModelField = "model";
}
