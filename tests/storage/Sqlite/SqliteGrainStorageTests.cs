using Informer.Ai.Storage.Sqlite;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Xunit;

namespace Informer.Ai.Storage;

public sealed class SqliteGrainStorageTests : IAsyncDisposable
{
    private static readonly GrainId Grain = GrainId.Create("tenant", "acme");
    private static readonly Standing Kept = new(new Entitlement(true, false, DateTimeOffset.UnixEpoch), null);

    private readonly SqliteUnderTest _storage = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private SqliteGrainStorage Store => new(
        _storage.Database,
        new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()),
        _services.GetRequiredService<IActivatorProvider>());

    public ValueTask DisposeAsync()
    {
        _services.Dispose();
        return _storage.DisposeAsync();
    }

    [Fact]
    public async Task State_survives_a_restart()
    {
        var written = new GrainState<Box> { State = new Box { Value = Kept } };
        await Store.WriteStateAsync("box", Grain, written);

        await _storage.ReopenAsync();
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

        Assert.Equal(0, await _storage.NumberAsync("SELECT count(*) FROM grain_state"));
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
