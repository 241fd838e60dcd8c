using System.Collections.Concurrent;
using System.Globalization;
using Informer.Ai.Chats;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Memories;

/// <summary>
/// Memories in Qdrant: a point for each, under its id. Vectors of one size share a collection, with tenant, user, chat
/// and model beside them, and every request is bounded by an <see cref="OwnerFilter"/>.
/// </summary>
public sealed class QdrantMemoryIndex(IOptions<QdrantOptions> options, TimeProvider time) : IMemoryIndex, IDisposable
{
    private const int PointsPerRequest = 256;

    private readonly QdrantClient _client = new(options.Value, time);
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task PutAsync(
        MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryVector> vectors, CancellationToken cancellation)
    {
        var collection = Collection(space);
        foreach (var some in vectors.Chunk(PointsPerRequest))
        {
            var points = some.Select(vector => new Point(
                vector.Id.Value,
                vector.Vector,
                new PointPayload(owner.Tenant.Value, owner.User.Value, vector.Chat.ToString(), space.Model))).ToList();
            if (_made.ContainsKey(collection) && await _client.Put(collection, points, cancellation))
            {
                continue;
            }

            await _client.Create(collection, space.Dimension, cancellation);
            _made[collection] = true;
            if (!await _client.Put(collection, points, cancellation))
            {
                throw new MemoryIndexException("Qdrant has lost the collection that it has just made.");
            }
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(
        MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryId> ids, CancellationToken cancellation) =>
        _client.Remove(Collection(space), OwnerFilter.Of(owner, space).Of(ids), cancellation);

    /// <inheritdoc/>
    public Task ClearAsync(MemoryOwner owner, EmbeddingSpace space, ChatId? chat, CancellationToken cancellation) =>
        _client.Remove(Collection(space), OwnerFilter.Of(owner, space).In(chat), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IndexHit>> SearchAsync(MemoryOwner owner, IndexQuery query, CancellationToken cancellation)
    {
        if (query.Limit <= 0)
        {
            return [];
        }

        var space = query.Near.Space;
        var found = await _client.Find(
            Collection(space), OwnerFilter.Of(owner, space).In(query.Chat), query.Near.Vector, query.Limit, cancellation);
        return [.. found.Where(point => point.Score >= query.ScoreMin).Select(point => new IndexHit(new MemoryId(point.Id), point.Score))];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private string Collection(EmbeddingSpace space) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Value.Collection}-{space.Dimension}");
}
