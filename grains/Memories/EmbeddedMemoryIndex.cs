using Informer.Ai.Chats;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Memories;

/// <summary>
/// The exact index without a server: an owner's vectors are read from the store at the first search and kept while
/// there is room; nobody else's are touched. A change while they are being read makes them be read again.
/// </summary>
public sealed class EmbeddedMemoryIndex(IMemoryStore store, IOptions<MemoryOptions> options) : IMemoryIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(MemoryOwner Owner, EmbeddingSpace Space), Shelf> _shelves = [];
    private long _clock;

    /// <summary>Bytes of vectors that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _shelves.Values.Sum(shelf => shelf.Block?.Bytes ?? 0);
            }
        }
    }

    /// <inheritdoc/>
    public Task PutAsync(
        MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryVector> vectors, CancellationToken cancellation) =>
        Change(owner, space, block => block.Put(vectors));

    /// <inheritdoc/>
    public Task RemoveAsync(
        MemoryOwner owner, EmbeddingSpace space, IReadOnlyList<MemoryId> ids, CancellationToken cancellation) =>
        Change(owner, space, block => block.Remove((id, _) => ids.Contains(id)));

    /// <inheritdoc/>
    public Task ClearAsync(MemoryOwner owner, EmbeddingSpace space, ChatId? chat, CancellationToken cancellation) =>
        Change(owner, space, block => block.Remove((_, of) => chat is null || of == chat));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IndexHit>> SearchAsync(MemoryOwner owner, IndexQuery query, CancellationToken cancellation)
    {
        var block = await Block(owner, query.Near.Space).WaitAsync(cancellation);
        return query.Limit > 0 ? block.Search(query) : [];
    }

    /// <inheritdoc/>
    public void Forget(MemoryOwner owner)
    {
        lock (_gate)
        {
            foreach (var (key, shelf) in _shelves.Where(kept => kept.Key.Owner == owner).ToList())
            {
                shelf.Change();
                _shelves.Remove(key);
            }
        }
    }

    private Task<VectorBlock> Block(MemoryOwner owner, EmbeddingSpace space)
    {
        lock (_gate)
        {
            var shelf = ShelfOf(owner, space);
            shelf.UsedAt = ++_clock;
            return shelf.Block is { } loaded
                ? Task.FromResult(loaded)
                : shelf.Loading ??= Task.Run(() => Load(owner, space, shelf, shelf.Changes));
        }
    }

    // Whoever asks after a change starts a reading of its own; this one then answers those who asked before.
    private async Task<VectorBlock> Load(MemoryOwner owner, EmbeddingSpace space, Shelf shelf, int changes)
    {
        var block = new VectorBlock(space.Dimension);
        try
        {
            block.Put(await store.VectorsAsync(owner, space, CancellationToken.None));
        }
        finally
        {
            lock (_gate)
            {
                if (shelf.Changes == changes)
                {
                    shelf.Loading = null;
                }
            }
        }

        lock (_gate)
        {
            if (shelf.Changes == changes)
            {
                shelf.Block = block;
                Evict(shelf);
            }
        }

        return block;
    }

    private Task Change(MemoryOwner owner, EmbeddingSpace space, Action<VectorBlock> change)
    {
        lock (_gate)
        {
            if (_shelves.TryGetValue((owner, space), out var shelf))
            {
                shelf.Change();
                if (shelf.Block is { } block)
                {
                    change(block);
                    Evict(shelf);
                }
            }
        }

        return Task.CompletedTask;
    }

    private Shelf ShelfOf(MemoryOwner owner, EmbeddingSpace space)
    {
        if (!_shelves.TryGetValue((owner, space), out var shelf))
        {
            _shelves.Add((owner, space), shelf = new Shelf());
        }

        return shelf;
    }

    // The one in use stays, whatever its size: what is searched has to be there.
    private void Evict(Shelf used)
    {
        var bytes = _shelves.Values.Sum(shelf => shelf.Block?.Bytes ?? 0);
        foreach (var (key, shelf) in _shelves.Where(kept => kept.Value.Block is not null).OrderBy(kept => kept.Value.UsedAt).ToList())
        {
            if (bytes <= options.Value.IndexBytesMax)
            {
                break;
            }

            if (shelf != used)
            {
                bytes -= shelf.Block!.Bytes;
                _shelves.Remove(key);
            }
        }
    }

    private sealed class Shelf
    {
        public VectorBlock? Block { get; set; }

        public Task<VectorBlock>? Loading { get; set; }

        public int Changes { get; private set; }

        public long UsedAt { get; set; }

        public void Change()
        {
            Changes++;
            Loading = null;
        }
    }
}
