using Informer.Ai.Tenancy;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Informer.Ai.Credits;

public abstract class VerificationTests(PoolStores stores)
{
    private const string WrongRollup = "UPDATE usage_rollup SET charged = charged + 1 WHERE tenant = 'acme' AND dimension = 'tenant'";
    private const string MendedRollup = "UPDATE usage_rollup SET charged = charged - 1 WHERE tenant = 'acme' AND dimension = 'tenant'";

    private static readonly EntityRef App = new("app", "a");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task L1_L16_Ledger_and_memory_are_compared_at_one_row_while_commits_go_on(bool full)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 1_000);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(30, entity: App), 12));
        var open = await cluster.Hold(40);
        var reading = cluster.LedgerAudit.DelayNext();

        var verifying = cluster.Pool.Verify(full);
        await reading.Begun;
        await cluster.Pool.Extend(open, 50);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(5, "bob"), 4));
        await cluster.Pool.Grant("more", 100, "");
        reading.Release();
        var verified = await verifying;

        Assert.True(verified.Passed, string.Join("; ", verified.Checks));
        Assert.Equal((4, 1_000, 12, 40, 948), (verified.Seq, verified.Granted, verified.Settled, verified.Held, verified.Available));
        Assert.Equal((12, 40), (verified.Reading.Used, verified.Reading.Held));
        Assert.Equal((8, 4), await Seen(cluster));
        Assert.Equal((16, 50), await cluster.Audit());
    }

    [Fact]
    public async Task L16_A_batch_whose_commit_is_under_way_is_not_counted()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var commit = cluster.Ledger.HoldNext();
        var holding = cluster.Pool.Reserve(cluster.Request(30), null);
        await commit.Begun;

        var before = await cluster.Pool.Verify(full: false);
        commit.Release();
        await holding;
        var after = await cluster.Pool.Verify(full: false);

        Assert.True(before.Passed && after.Passed);
        Assert.Equal((1, 0, 2, 30), (before.Seq, before.Held, after.Seq, after.Held));
    }

    [Fact]
    public async Task Verifications_at_once_are_one_and_a_full_one_is_its_own()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var reading = cluster.LedgerAudit.DelayNext();

        var first = cluster.Pool.Verify(full: false);
        await reading.Begun;
        var others = Enumerable.Range(0, 10).Select(_ => cluster.Pool.Verify(full: false)).ToList();
        var full = cluster.Pool.Verify(full: true);
        // Calls of one client may overtake each other on their way; these come after all of the above.
        for (var trips = 0; trips < 20; trips++)
        {
            await cluster.Numbers();
        }

        reading.Release();

        await Task.WhenAll(others);
        Assert.True((await full).Full);
        Assert.False((await first).Full);
        Assert.Equal(2, cluster.LedgerAudit.Readings);
    }

    [Fact]
    public async Task L1_A_failed_verification_stops_the_tenants_new_holds_and_nothing_else()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 1_000);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(30), 12));
        var held = cluster.Request(40);
        await cluster.Pool.Reserve(held, null);
        var (voided, silent) = (await cluster.Hold(50), await cluster.Hold(60));
        await cluster.Tamper(WrongRollup);

        var verified = await cluster.Pool.Verify(full: false);

        Assert.Equal(["rollups"], Failed(verified));
        await Assert.ThrowsAsync<LedgerInconsistentException>(() => cluster.Pool.Reserve(cluster.Request(1), null));
        await Assert.ThrowsAsync<LedgerInconsistentException>(() => cluster.Pool.Extend(held.Hold, 41));
        Assert.Equal((12, 150), await cluster.Numbers());

        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(held, null)).Outcome);
        Assert.Equal(ExtendOutcome.Held, (await cluster.Pool.Extend(held.Hold, 40)).Outcome);
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(cluster.Request(5, byok: true), null)).Outcome);
        Assert.Equal(ResolveOutcome.Resolved, (await cluster.Pool.Settle(PoolCluster.Settlement(held.Hold, 20))).Outcome);
        Assert.Equal(ResolveOutcome.Resolved, (await cluster.Pool.Void(voided)).Outcome);
        Assert.True(await cluster.Pool.Grant("more", 5, ""));
        await cluster.Pass(PoolCluster.TimeToLive * 2);
        Assert.Equal(2, await cluster.Pool.Sweep());
        Assert.Equal(ResolutionKind.LateSettled, (await cluster.Pool.Settle(PoolCluster.Settlement(silent, 7))).Kind);
        Assert.Equal((39, 0), await cluster.Numbers());
    }

    [Fact]
    public async Task A_failed_verification_leaves_other_tenants_alone()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        var other = cluster.Grains.GetGrain<ICreditPoolGrain>("other");
        await other.Grant("g", 100, "");
        await cluster.Tamper("UPDATE credit_pool SET held = held + 1 WHERE tenant = 'acme'");

        Assert.Equal(["totals", "holds", "conservation", "memory"], Failed(await cluster.Pool.Verify(full: false)));

        await Assert.ThrowsAsync<LedgerInconsistentException>(() => cluster.Pool.Reserve(cluster.Request(1), null));
        Assert.Equal(ReserveOutcome.Held, (await other.Reserve(cluster.Request(1), null)).Outcome);
        Assert.True((await other.Verify(full: false)).Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_stop_survives_the_activation_and_ends_with_a_verification_that_passes(bool full)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(30), 12));
        await cluster.Tamper(WrongRollup);
        await cluster.Pool.Verify(full);

        await cluster.Reactivate();
        await Assert.ThrowsAsync<LedgerInconsistentException>(() => cluster.Pool.Reserve(cluster.Request(1), null));
        Assert.Equal(["rollups"], Failed(await cluster.Pool.Verify(full: false)));
        await cluster.Tamper(MendedRollup);
        await Assert.ThrowsAsync<LedgerInconsistentException>(() => cluster.Pool.Reserve(cluster.Request(1), null));

        Assert.True((await cluster.Pool.Verify(full: false)).Passed);
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(cluster.Request(1), null)).Outcome);
        await cluster.Reactivate();
        Assert.Equal(ReserveOutcome.Held, (await cluster.Pool.Reserve(cluster.Request(1), null)).Outcome);
    }

    [Theory]
    [InlineData(
        "UPDATE ledger_entry SET granted = granted + 1 WHERE seq = 1; UPDATE credit_pool SET granted = granted + 1",
        "conservation", "memory")]
    [InlineData(
        "UPDATE ledger_entry SET held = 41 WHERE held = 40; UPDATE credit_hold SET amount = 41; UPDATE credit_pool SET held = 41",
        "conservation", "memory", "memory-holds")]
    [InlineData(
        "UPDATE ledger_entry SET actor = 'eve' WHERE kind = 'settle'; UPDATE usage_event SET actor = 'eve'; UPDATE usage_rollup SET key = 'eve' WHERE key = 'ann'",
        "memory-months")]
    public async Task L16_Memory_that_is_not_the_ledgers_is_named(string plant, params string[] checks)
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(30), 12));
        await cluster.Hold(40);
        await cluster.Tamper(plant);

        Assert.Equal(checks, Failed(await cluster.Pool.Verify(full: true)));
    }

    [Fact]
    public async Task Only_a_full_verification_finds_a_change_of_rows_that_were_verified_before()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Pool.Settle(PoolCluster.Settlement(await cluster.Hold(30), 12));
        Assert.True((await cluster.Pool.Verify(full: false)).Passed);
        await cluster.Tamper("UPDATE ledger_entry SET settled = settled + 1 WHERE kind = 'settle'");

        Assert.True((await cluster.Pool.Verify(full: false)).Passed);
        Assert.Contains("totals", Failed(await cluster.Pool.Verify(full: true)));
    }

    [Fact]
    public async Task L22_An_owner_that_was_replaced_verifies_nothing()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Truth.TakeOverAsync(new TenantId(PoolCluster.Tenant), CancellationToken.None);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Pool.Verify(full: false));

        Assert.Empty(cluster.LedgerAudit.Records);
        Assert.True((await cluster.Pool.Verify(full: false)).Passed);
    }

    [Fact]
    public async Task Ledgers_with_new_rows_are_verified_at_the_start_and_again_and_again()
    {
        await using var cluster = await PoolCluster.Start(stores, granted: 100);
        await cluster.Tamper("INSERT INTO credit_pool SELECT 'broken', epoch, 3, 0, 0, 0, 0, pay_as_you_go, 0 FROM credit_pool WHERE tenant = 'acme'");
        var time = new FakeTimeProvider();
        using var watch = new LedgerWatch(
            cluster.LedgerAudit, cluster.Grains, Options.Create(new CreditPoolOptions()), time, NullLogger<LedgerWatch>.Instance);

        await watch.StartAsync(CancellationToken.None);
        await cluster.LedgerAudit.Recorded();
        await cluster.LedgerAudit.Recorded();
        await cluster.Hold(30);
        time.Advance(TimeSpan.FromMinutes(1));
        await cluster.LedgerAudit.Recorded();
        await cluster.LedgerAudit.Recorded();
        await watch.StopAsync(CancellationToken.None);

        Assert.Equal([1L, 2L], cluster.LedgerAudit.Records.Where(record => record.Failure is null).Select(record => record.Seq));
        Assert.Equal([3L, 3L], cluster.LedgerAudit.Records.Where(record => record.Failure is not null).Select(record => record.Seq));
    }

    private static IEnumerable<string> Failed(LedgerVerification verified) =>
        verified.Checks.Where(check => !check.Passed).Select(check => check.Name);

    // The row of the pool's next verification, and how many rows it read.
    private static async Task<(long Seq, long Rows)> Seen(PoolCluster cluster)
    {
        var verified = await cluster.Pool.Verify(full: false);
        Assert.True(verified.Passed, string.Join("; ", verified.Checks));
        return (verified.Seq, verified.RowsChecked);
    }
}
