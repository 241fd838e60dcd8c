using Informer.Ai.Credits;
using Informer.Ai.Storage;
using Informer.Ai.Tenancy;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>What every store of checkpoints does.</summary>
public abstract class CheckpointStoreBehaviour(IStorageUnderTest storage) : IAsyncDisposable
{
    private static readonly TurnCheckpoint First = new(
        new TenantId("acme"),
        new HoldId(new Guid(1, 0, 0, new byte[8])),
        new ChatId(new Guid(2, 0, 0, new byte[8])),
        """[{"type":"text","text":"half an ans"}]""",
        new TokenUsage(1, 2, 3, 4, 5, 6, 7),
        88);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task The_last_checkpoint_is_found_also_after_a_restart()
    {
        var call = First with { Hold = new HoldId(new Guid(3, 0, 0, new byte[8])), Chat = null };
        await storage.Checkpoints.WriteAsync([First, call], default);
        await storage.Checkpoints.WriteAsync([First with { Parts = "[1]", CostMicroCredits = 99 }], default);

        await storage.ReopenAsync();

        Assert.Equal(
            First with { Parts = "[1]", CostMicroCredits = 99 },
            await storage.Checkpoints.FindAsync(First.Tenant, First.Hold, default));
        Assert.Equal(call, await storage.Checkpoints.FindAsync(First.Tenant, call.Hold, default));
    }

    [Fact]
    public async Task Of_two_checkpoints_of_a_turn_written_together_the_later_counts()
    {
        await storage.Checkpoints.WriteAsync([First, First with { Parts = "[1]", CostMicroCredits = 99 }], default);

        Assert.Equal(99, (await storage.Checkpoints.FindAsync(First.Tenant, First.Hold, default))!.CostMicroCredits);
    }

    [Fact]
    public async Task Checkpoints_written_at_once_in_opposite_orders_all_pass()
    {
        var turns = Enumerable.Range(1, 100).Select(i => First with { Hold = new HoldId(new Guid(i, 0, 0, new byte[8])) }).ToList();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            storage.Checkpoints.WriteAsync(i % 2 == 0 ? turns : [.. Enumerable.Reverse(turns)], default)));

        Assert.Equal(100, await storage.NumberAsync("SELECT count(*) FROM turn_checkpoint"));
    }

    [Fact]
    public async Task Another_tenants_checkpoint_is_not_found()
    {
        await storage.Checkpoints.WriteAsync([First], default);

        Assert.Null(await storage.Checkpoints.FindAsync(new TenantId("other"), First.Hold, default));
    }
}
