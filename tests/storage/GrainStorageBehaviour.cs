using Informer.Ai.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Informer.Ai.Storage;

/// <summary>What every store of grain state does.</summary>
public abstract class GrainStorageBehaviour(IStorageUnderTest storage) : IAsyncDisposable
{
    private static readonly GrainId Grain = GrainId.Create("tenant", "acme");
    private static readonly Standing Kept = new(new Entitlement(true, false, DateTimeOffset.UnixEpoch), null);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private IGrainStorage Store => storage.GrainStorage(
        new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()),
        _services.GetRequiredService<IActivatorProvider>());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _services.Dispose();
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task State_survives_a_restart()
    {
        var written = new GrainState<Box> { State = new Box { Value = Kept } };
        await Store.WriteStateAsync("box", Grain, written);

        await storage.ReopenAsync();
        var read = await Read();

        Assert.Equal(Kept, read.State!.Value);
        Assert.Equal((true, written.ETag), (read.RecordExists, read.ETag));
    }

    [Fact]
    public async Task State_that_never_was_is_new()
    {
        var read = await Read();

        Assert.Equal((false, null), (read.RecordExists, read.ETag));
        Assert.Null(read.State!.Value);
    }

    [Fact]
    public async Task A_writer_that_has_not_seen_the_last_write_is_refused()
    {
        await Store.WriteStateAsync("box", Grain, new GrainState<Box> { State = new Box() });
        var (first, second) = (await Read(), await Read());
        await Store.WriteStateAsync("box", Grain, first);
        await Store.WriteStateAsync("box", Grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.WriteStateAsync("box", Grain, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.ClearStateAsync("box", Grain, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() =>
            Store.WriteStateAsync("box", Grain, new GrainState<Box> { State = new Box() }));
    }

    [Fact]
    public async Task Of_writers_at_once_that_saw_the_same_state_one_writes()
    {
        var writers = Enumerable.Range(0, 8).Select(_ => new GrainState<Box> { State = new Box { Value = Kept } }).ToList();

        async Task<int> Winners()
        {
            var written = await Task.WhenAll(writers.Select(async writer =>
            {
                try
                {
                    await Store.WriteStateAsync("box", Grain, writer);
                    return true;
                }
                catch (InconsistentStateException)
                {
                    return false;
                }
            }));
            return written.Count(won => won);
        }

        Assert.Equal(1, await Winners());
        var current = await Read();
        writers.ForEach(writer => writer.ETag = current.ETag);
        Assert.Equal(1, await Winners());
    }

    [Fact]
    public async Task Cleared_state_is_new_and_still_refuses_an_old_writer()
    {
        var state = new GrainState<Box> { State = new Box { Value = Kept } };
        await Store.WriteStateAsync("box", Grain, state);
        var old = await Read();

        await Store.ClearStateAsync("box", Grain, state);

        Assert.Equal((false, null), (state.RecordExists, state.State.Value));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Store.WriteStateAsync("box", Grain, old));
        var read = await Read();
        Assert.Equal((false, null), (read.RecordExists, read.State!.Value));
        await Store.WriteStateAsync("box", Grain, read);
        Assert.True((await Read()).RecordExists);
    }

    [Fact]
    public async Task Clearing_what_never_was_leaves_nothing()
    {
        await Store.ClearStateAsync("box", Grain, new GrainState<Box> { State = new Box() });

        Assert.Equal(0, await storage.NumberAsync("SELECT count(*) FROM grain_state"));
    }

    [Fact]
    public async Task Grains_and_names_do_not_share_state()
    {
        await Store.WriteStateAsync("box", Grain, new GrainState<Box> { State = new Box { Value = Kept } });

        Assert.False((await Read("other")).RecordExists);
        Assert.False((await Read("box", GrainId.Create("tenant", "other"))).RecordExists);
    }

    private Task<GrainState<Box>> Read() => Read("box", Grain);

    private async Task<GrainState<Box>> Read(string name, GrainId? grain = null)
    {
        var state = new GrainState<Box>();
        await Store.ReadStateAsync(name, grain ?? Grain, state);
        return state;
    }

    [GenerateSerializer, Alias("test-box")]
    internal sealed class Box
    {
        [Id(0)]
        public Standing? Value { get; set; }
    }
}
