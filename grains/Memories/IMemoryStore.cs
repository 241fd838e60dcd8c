using Informer.Ai.Chats;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Memories;

/// <summary>
/// The rows of memories with their vectors: the truth from which any index is made. They go with their chat.
/// Writes are durable when they return.
/// </summary>
public interface IMemoryStore
{
    /// <summary>Adds a memory; false when its chat is gone.</summary>
    Task<bool> AddAsync(MemoryOwner owner, StoredMemory memory, CancellationToken cancellation);

    /// <summary>Replaces summary and vector; false when there is no such memory.</summary>
    Task<bool> ChangeAsync(
        ChatKey key, MemoryId id, string summary, Embedding? embedding, DateTimeOffset updatedAt, CancellationToken cancellation);

    /// <summary>Sets the vector of a summary; false when the memory is gone or has another summary by now.</summary>
    Task<bool> EmbedAsync(MemoryOwner owner, MemoryId id, string summary, Embedding embedding, CancellationToken cancellation);

    /// <summary>Deletes a memory; false when there is none.</summary>
    Task<bool> DeleteAsync(ChatKey key, MemoryId id, CancellationToken cancellation);

    /// <summary>Deletes a chat's memories; answers how many.</summary>
    Task<int> DeleteAllAsync(ChatKey key, CancellationToken cancellation);

    /// <summary>A memory of a chat; null when there is none.</summary>
    Task<Memory?> FindAsync(ChatKey key, MemoryId id, CancellationToken cancellation);

    /// <summary>Those of the ids that are the owner's, in any order.</summary>
    Task<IReadOnlyList<Memory>> FindAsync(MemoryOwner owner, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellation);

    /// <summary>A chat's memories, oldest first.</summary>
    Task<MemoryPage> ListAsync(ChatKey key, int start, int limit, CancellationToken cancellation);

    /// <summary>The owner has a memory.</summary>
    Task<bool> AnyAsync(MemoryOwner owner, CancellationToken cancellation);

    /// <summary>All vectors that an owner has in one space.</summary>
    Task<IReadOnlyList<MemoryVector>> VectorsAsync(MemoryOwner owner, EmbeddingSpace space, CancellationToken cancellation);

    /// <summary>The spaces of an owner's vectors.</summary>
    Task<IReadOnlyList<EmbeddingSpace>> SpacesAsync(MemoryOwner owner, CancellationToken cancellation);

    /// <summary>Memories without a vector in this space, by their ids, those after one.</summary>
    Task<IReadOnlyList<Memory>> WithoutAsync(
        MemoryOwner owner, EmbeddingSpace space, MemoryId after, int limit, CancellationToken cancellation);

    /// <summary>
    /// The oldest messages of a chat, in order, that no memory sums up. What lies before the end of the latest
    /// memory that the service made counts as summed up.
    /// </summary>
    Task<IReadOnlyList<StoredMessage>> UnsummedAsync(ChatKey key, long before, int limit, CancellationToken cancellation);

    /// <summary>Who has memories: all of a tenant, or of all tenants.</summary>
    Task<IReadOnlyList<MemoryOwner>> OwnersAsync(TenantId? tenant, CancellationToken cancellation);
}

/// <summary>A memory's row.</summary>
/// <param name="ThroughOrdinal">The place of the last of its messages.</param>
/// <param name="Embedding">Null until it is made.</param>
public sealed record StoredMemory(Memory Memory, long ThroughOrdinal, Embedding? Embedding);
