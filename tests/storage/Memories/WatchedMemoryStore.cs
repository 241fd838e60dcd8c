using Informer.Ai.Chats;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Memories;

/// <summary>A store of which a test sees, holds up and breaks the reading of vectors.</summary>
internal sealed class WatchedMemoryStore(IMemoryStore inner) : IMemoryStore
{
    private readonly List<MemoryOwner> _read = [];
    private HeldReading? _held;
    private int _failures;

    /// <summary>Whose vectors were read, in order.</summary>
    public IReadOnlyList<MemoryOwner> Read => _read;

    public HeldReading HoldNext() => _held = new HeldReading();

    public void FailNext() => _failures++;

    public async Task<IReadOnlyList<MemoryVector>> VectorsAsync(
        MemoryOwner owner, EmbeddingSpace space, CancellationToken cancellation)
    {
        lock (_read)
        {
            _read.Add(owner);
        }

        if (_failures > 0)
        {
            _failures--;
            throw new TimeoutException();
        }

        var vectors = await inner.VectorsAsync(owner, space, cancellation);
        if (Interlocked.Exchange(ref _held, null) is { } held)
        {
            await held.Wait();
        }

        return vectors;
    }

    public Task<bool> AddAsync(MemoryOwner owner, StoredMemory memory, CancellationToken cancellation) =>
        inner.AddAsync(owner, memory, cancellation);

    public Task<bool> ChangeAsync(
        ChatKey key, MemoryId id, string summary, Embedding? embedding, DateTimeOffset updatedAt, CancellationToken cancellation) =>
        inner.ChangeAsync(key, id, summary, embedding, updatedAt, cancellation);

    public Task<bool> EmbedAsync(
        MemoryOwner owner, MemoryId id, string summary, Embedding embedding, CancellationToken cancellation) =>
        inner.EmbedAsync(owner, id, summary, embedding, cancellation);

    public Task<bool> DeleteAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        inner.DeleteAsync(key, id, cancellation);

    public Task<int> DeleteAllAsync(ChatKey key, CancellationToken cancellation) => inner.DeleteAllAsync(key, cancellation);

    public Task<Memory?> FindAsync(ChatKey key, MemoryId id, CancellationToken cancellation) =>
        inner.FindAsync(key, id, cancellation);

    public Task<IReadOnlyList<Memory>> FindAsync(
        MemoryOwner owner, IReadOnlyCollection<MemoryId> ids, CancellationToken cancellation) =>
        inner.FindAsync(owner, ids, cancellation);

    public Task<MemoryPage> ListAsync(ChatKey key, int start, int limit, CancellationToken cancellation) =>
        inner.ListAsync(key, start, limit, cancellation);

    public Task<bool> AnyAsync(MemoryOwner owner, CancellationToken cancellation) => inner.AnyAsync(owner, cancellation);

    public Task<IReadOnlyList<EmbeddingSpace>> SpacesAsync(MemoryOwner owner, CancellationToken cancellation) =>
        inner.SpacesAsync(owner, cancellation);

    public Task<IReadOnlyList<Memory>> WithoutAsync(
        MemoryOwner owner, EmbeddingSpace space, MemoryId after, int limit, CancellationToken cancellation) =>
        inner.WithoutAsync(owner, space, after, limit, cancellation);

    public Task<IReadOnlyList<StoredMessage>> UnsummedAsync(
        ChatKey key, long before, int limit, CancellationToken cancellation) =>
        inner.UnsummedAsync(key, before, limit, cancellation);

    public Task<IReadOnlyList<MemoryOwner>> OwnersAsync(TenantId? tenant, CancellationToken cancellation) =>
        inner.OwnersAsync(tenant, cancellation);

    /// <summary>A reading that has its rows and is not let go on.</summary>
    internal sealed class HeldReading
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        public Task Wait()
        {
            _begun.SetResult();
            return _released.Task;
        }
    }
}
