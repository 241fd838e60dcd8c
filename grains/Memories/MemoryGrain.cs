using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Informer.Ai.Memories;

/// <summary>
/// One user's memories. Calls interleave at every await, since most of them wait for a model; a row and its place in
/// the index are written together, one after the other, so that the index never keeps the older of two summaries.
/// </summary>
[Reentrant]
[GrainType("memory")]
[SuppressMessage("Design", "CA1001", Justification = "What runs in the background may outlive the activation; the semaphore has no handle to free.")]
public sealed partial class MemoryGrain(
    IMemoryStore store,
    IMemoryIndex index,
    IChatStore chats,
    MemoryCalls calls,
    MemoryMetrics metrics,
    IOptions<MemoryOptions> options,
    TimeProvider time,
    IdSource ids,
    ILogger<MemoryGrain> logger) : Grain, IMemoryGrain
{
    private readonly ILogger _logger = logger;
    private readonly SemaphoreSlim _writing = new(1);
    private MemoryOwner _owner;

    // Known to have none, so that a turn need not look: nobody else adds any.
    private bool _empty;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var (tenant, user, _) = UserKey.Parse(this.GetPrimaryKeyString());
        _owner = new MemoryOwner(tenant, user);
        index.Forget(_owner);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<MemoryPage?> List(ChatId chat, int start, int limit) =>
        await chats.FindAsync(Key(chat), CancellationToken.None) is null
            ? null
            : await store.ListAsync(Key(chat), start, limit, CancellationToken.None);

    /// <inheritdoc/>
    public Task<Memory?> Read(ChatId chat, MemoryId id) => store.FindAsync(Key(chat), id, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Memory>> Named(ImmutableArray<MemoryId> ids)
    {
        var rows = (await store.FindAsync(_owner, ids, CancellationToken.None)).ToDictionary(memory => memory.Id);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <inheritdoc/>
    public async Task<MemoryAnswer> Create(NewMemory request)
    {
        if (await chats.FindAsync(Key(request.Chat), CancellationToken.None) is not { } chat
            || await Messages(request) is not { } messages)
        {
            return new MemoryNotFound();
        }

        var made = new CallFor(_owner, request.Chat, null, request.Entity ?? chat.Settings.Entity);
        return await Answered(() => Make(made, request.Id, request.Summary, request.Reason, messages));
    }

    /// <inheritdoc/>
    public async Task<MemoryAnswer> Change(ChangedMemory request)
    {
        var key = Key(request.Chat);
        if (await store.FindAsync(key, request.Id, CancellationToken.None) is not { } old)
        {
            return new MemoryNotFound();
        }

        if (old.Summary == request.Summary)
        {
            return new MemoryKept(old);
        }

        return await Answered(async () =>
        {
            var (embeddings, denied) = await calls.Embed(new CallFor(_owner, request.Chat, null, request.Entity), [request.Summary]);
            if (denied is not null)
            {
                return new MemoryDenied(denied);
            }

            var changed = old with { Summary = request.Summary, UpdatedAt = Now };
            var kept = await Write(changed, embeddings![0], () => store.ChangeAsync(
                key, request.Id, changed.Summary, embeddings[0], changed.UpdatedAt, CancellationToken.None));
            return kept ? new MemoryKept(changed) : new MemoryNotFound();
        });
    }

    /// <inheritdoc/>
    public async Task<bool> Delete(ChatId chat, MemoryId id)
    {
        await _writing.WaitAsync();
        try
        {
            var spaces = await store.SpacesAsync(_owner, CancellationToken.None);
            if (!await store.DeleteAsync(Key(chat), id, CancellationToken.None))
            {
                return false;
            }

            await InEach(spaces, "remove", space => index.RemoveAsync(_owner, space, [id], CancellationToken.None));
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task Forget(ChatId chat)
    {
        await _writing.WaitAsync();
        try
        {
            var spaces = await store.SpacesAsync(_owner, CancellationToken.None);
            if (await store.DeleteAllAsync(Key(chat), CancellationToken.None) > 0)
            {
                await InEach(spaces, "clear", space => index.ClearAsync(_owner, space, chat, CancellationToken.None));
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<MemoryAnswer> Search(MemorySearch request)
    {
        if (request.Chat is { } chat && await chats.FindAsync(Key(chat), CancellationToken.None) is null)
        {
            return new MemoryNotFound();
        }

        return await Answered(async () =>
        {
            var (embeddings, denied) = await calls.Embed(new CallFor(_owner, request.Chat, null, request.Entity), [request.Query]);
            if (denied is not null)
            {
                return new MemoryDenied(denied);
            }

            EmbedAnew(embeddings![0].Space);
            return await Find(new IndexQuery(embeddings[0], request.Chat, request.Limit, request.ScoreMin)) is { } hits
                ? new MemoriesFound(hits)
                : new MemoryIndexFailed();
        });
    }

    // In microseconds, which is what is stored: an answer tells the same as the reading of it.
    private DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    private ChatKey Key(ChatId chat) => new(_owner.Tenant, _owner.User, chat);

    // Null when one is not of the chat.
    private async Task<List<StoredMessage>?> Messages(NewMemory request)
    {
        List<StoredMessage> messages = [];
        foreach (var id in request.Messages)
        {
            if (await chats.FindMessageAsync(Key(request.Chat), id.ToString(), CancellationToken.None) is not { } found || found.Message.Id != id)
            {
                return null;
            }

            messages.Add(found);
        }

        return [.. messages.OrderBy(message => message.Ordinal)];
    }

    private async Task<MemoryAnswer> Make(
        CallFor made, MemoryId id, string? given, string reason, IReadOnlyList<StoredMessage> messages)
    {
        var summary = given;
        if (summary is null)
        {
            var (written, call, refused) = await calls.Summarize(made, messages);
            if (refused is not null)
            {
                return new MemoryDenied(refused);
            }

            summary = written!;
            made = made with { Parent = made.Parent ?? call };
        }

        var (embedding, denied) = await Embed(made, summary, keepWithout: given is null);
        if (denied is not null)
        {
            return denied;
        }

        var now = Now;
        var memory = new Memory(id, made.Chat!.Value, summary, reason, [.. messages.Select(message => message.Message.Id)], now, now);
        if (!await Write(memory, embedding, () => store.AddAsync(
            _owner, new StoredMemory(memory, messages[^1].Ordinal, embedding), CancellationToken.None)))
        {
            return new MemoryNotFound();
        }

        _empty = false;
        metrics.Made(reason);
        return new MemoryKept(memory);
    }

    // A summary that was paid for is kept also without its vector, which is made when memories are next asked for.
    private async Task<(Embedding? Embedding, MemoryAnswer? Denied)> Embed(CallFor made, string summary, bool keepWithout)
    {
        try
        {
            var (embeddings, denied) = await calls.Embed(made, [summary]);
            if (denied is null)
            {
                return (embeddings![0], null);
            }

            if (!keepWithout)
            {
                return (null, new MemoryDenied(denied));
            }
        }
        catch (Exception failure) when (keepWithout && failure is ProviderException or LedgerUnavailableException)
        {
            LogNotRecalled(made.Chat!.Value, failure.GetType().Name);
        }

        _current = null;
        return (null, null);
    }

    private async Task<bool> Write(Memory memory, Embedding? embedding, Func<Task<bool>> write)
    {
        await _writing.WaitAsync();
        try
        {
            if (!await write())
            {
                return false;
            }

            if (embedding is not null)
            {
                await InEach([embedding.Space], "put", space => index.PutAsync(
                    _owner, space, [new MemoryVector(memory.Id, memory.Chat, embedding.Vector)], CancellationToken.None));
            }

            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    // The rows are the truth: what the index missed, it is given when it is made anew.
    private async Task InEach(IReadOnlyList<EmbeddingSpace> spaces, string operation, Func<EmbeddingSpace, Task> work)
    {
        foreach (var space in spaces)
        {
            try
            {
                await work(space);
            }
            catch (MemoryIndexException failure)
            {
                IndexFailed(operation, failure);
            }
        }
    }

    // Null when the index cannot be used.
    private async Task<ImmutableArray<MemoryHit>?> Find(IndexQuery query)
    {
        IReadOnlyList<IndexHit> hits;
        try
        {
            hits = await index.SearchAsync(_owner, query, CancellationToken.None);
        }
        catch (MemoryIndexException failure)
        {
            IndexFailed("search", failure);
            return null;
        }

        if (hits.Count == 0)
        {
            return [];
        }

        var rows = (await store.FindAsync(_owner, [.. hits.Select(hit => hit.Id)], CancellationToken.None)).ToDictionary(memory => memory.Id);
        return
        [
            .. hits.Where(hit => rows.TryGetValue(hit.Id, out var row) && (query.Chat is null || row.Chat == query.Chat))
                .Select(hit => new MemoryHit(rows[hit.Id], hit.Score)),
        ];
    }

    private void IndexFailed(string operation, MemoryIndexException failure)
    {
        metrics.IndexFailed(operation);
        LogIndexFailed(operation, _owner.Tenant.Value, _owner.User.Value, failure.Message);
    }

    private static async Task<MemoryAnswer> Answered(Func<Task<MemoryAnswer>> work)
    {
        try
        {
            return await work();
        }
        catch (ProviderException failure)
        {
            return new MemoryProviderFailed(failure.Code, failure.Message);
        }
    }
}
