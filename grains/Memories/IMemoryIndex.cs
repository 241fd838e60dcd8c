using Informer.Ai.Chats;

namespace Informer.Ai.Memories;

/// <summary>
/// Finds memories by meaning. It is made from the rows and may lag behind them or be lost: whoever asks reads the
/// rows of what it answers. Nothing in it can be reached without its owner.
/// </summary>
public interface IMemoryIndex
{
    /// <summary>Adds vectors of one space, or replaces those of the same memories.</summary>
    /// <exception cref="MemoryIndexException">It cannot be reached, or refuses.</exception>
    Task PutAsync(MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryVector> vectors, CancellationToken cancellation);

    /// <summary>Takes memories out of a space.</summary>
    /// <exception cref="MemoryIndexException">It cannot be reached, or refuses.</exception>
    Task RemoveAsync(MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryId> ids, CancellationToken cancellation);

    /// <summary>Takes all of an owner's memories out of a space, or those of one chat.</summary>
    /// <exception cref="MemoryIndexException">It cannot be reached, or refuses.</exception>
    Task ClearAsync(MemoryOwner owner, EmbeddingSpace space, ChatId? chat, CancellationToken cancellation);

    /// <summary>The owner's memories nearest to a query, best first.</summary>
    /// <exception cref="MemoryIndexException">It cannot be reached, or refuses.</exception>
    Task<IReadOnlyList<IndexHit>> SearchAsync(MemoryOwner owner, IndexQuery query, CancellationToken cancellation);

    /// <summary>Another process may have changed the owner's memories: what is kept of them in this one is dropped.</summary>
    void Forget(MemoryOwner owner)
    {
    }
}

/// <summary>A memory's vector in some space.</summary>
public sealed record MemoryVector(MemoryId Id, ChatId Chat, ReadOnlyMemory<float> Vector);

/// <summary>What to look for.</summary>
/// <param name="Chat">Only memories of this chat; null for all of the owner's.</param>
/// <param name="ScoreMin">Only what is at least so near.</param>
public sealed record IndexQuery(Embedding Near, ChatId? Chat, int Limit, float ScoreMin);

/// <summary>A memory that was found, and the cosine of the angle to the query.</summary>
public readonly record struct IndexHit(MemoryId Id, float Score);
