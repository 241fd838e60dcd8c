using Informer.Ai.Storage;
using Informer.Ai.Tenancy;
using Xunit;
using static Informer.Ai.Credits.PoolDriver;

namespace Informer.Ai.Credits;

/// <summary>What every second book of a ledger finds and remembers, whatever keeps it.</summary>
public abstract class LedgerAuditBehaviour(IStorageUnderTest storage) : IAsyncLifetime
{
    private const long Rows = 15;

    private readonly PoolDriver _pool = new(storage.Ledger);

    /// <summary>Defects, and the checks that must name them.</summary>
    public static TheoryData<string, string> Plants => new()
    {
        { "DELETE FROM usage_rollup WHERE dimension = 'actor' AND key = 'ann'", "rollups" },
        { "UPDATE usage_rollup SET charged = charged + 1 WHERE dimension = 'model'", "rollups" },
        { "UPDATE usage_rollup SET events = events + 1 WHERE dimension = 'entity'", "rollups" },
        { "UPDATE usage_rollup SET tokens = tokens - 1 WHERE resource_type = 'ai' AND dimension = 'tenant'", "rollups" },
        { "UPDATE usage_rollup SET charged = 0 WHERE resource_type = 'adjustment'", "rollups" },
        { "UPDATE usage_rollup SET day = '2026-05-21' WHERE dimension = 'actor' AND key = 'bob'", "rollups" },
        { "INSERT INTO usage_rollup VALUES ('acme', 'actor', 'eve', '2026-05-20', 'ai', 1, 1, 1)", "rollups" },
        { "UPDATE credit_pool SET granted = granted + 1 WHERE tenant = 'acme'", "totals" },
        { "UPDATE credit_pool SET settled = settled - 1 WHERE tenant = 'acme'", "totals" },
        { "UPDATE credit_pool SET held = held + 1 WHERE tenant = 'acme'", "totals,holds" },
        { "UPDATE credit_pool SET seq = seq + 1 WHERE tenant = 'acme'", "sequence" },
        { $"DELETE FROM credit_hold WHERE hold_id = '{Id(2)}'", "holds" },
        { $"DELETE FROM credit_hold WHERE hold_id = '{Id(9)}'", "holds" },
        { "UPDATE credit_hold SET amount = amount + 1", "holds" },
        { "UPDATE credit_hold SET amount = 250 - amount WHERE amount > 0", "holds" },
        { "DELETE FROM ledger_entry WHERE tenant = 'acme' AND seq = 1", "sequence,totals" },
        { $"DELETE FROM ledger_entry WHERE tenant = 'acme' AND seq = {Rows}", "sequence,totals,rollups" },
        { "UPDATE ledger_entry SET held = -99 WHERE tenant = 'acme' AND kind = 'void' AND held = -100", "totals,holds" },
        { "UPDATE usage_event SET charged = charged + 1 WHERE tenant = 'acme' AND seq = 9", "events,rollups" },
        { "UPDATE usage_event SET actor = 'eve' WHERE tenant = 'acme' AND seq = 9", "events,rollups" },
        { "UPDATE usage_event SET input_tokens = input_tokens + 1 WHERE tenant = 'acme' AND seq = 9", "rollups" },
        { "DELETE FROM usage_event WHERE tenant = 'acme' AND seq = 9", "events,rollups" },
    };

    public async ValueTask InitializeAsync()
    {
        await _pool.TakeOver();
        var other = new PoolDriver(storage.Ledger, "other");
        await other.TakeOver();
        await other.Grant("g1", 500).Hold(Taken(1, 30)).Hold(Taken(2, 20)).Commit();
        await other.Settle(1, 7).Commit();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task L1_L16_L21_Nothing_is_found_where_nothing_is_wrong()
    {
        await Live();

        var (first, failed) = await Check();
        Assert.Empty(failed);
        Assert.Equal((Rows, 1, Rows), (first.Rows.Count, first.Rows.First, first.Rows.Last));
        Assert.Equal(new AuditTotals(Rows, 10_000, 190, 88), first.Pool);
        Assert.Equal([(Id(2), 140L), (Id(8), 50L), (Id(9), 0L)], first.Holds.Select(hold => (hold.Key, hold.Value)).OrderByDescending(hold => hold.Value));

        var (full, failedInFull) = await Check(full: true);
        Assert.Empty(failedInFull);
        Assert.Equal(Rows, full.Rows.Count);
    }

    [Fact]
    public async Task A_pass_reads_the_rows_since_the_last_one_and_its_book_is_that_of_a_full_reading()
    {
        await _pool.Grant("g1", 10_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Commit();
        await Verify();
        await _pool.Extend(1, 150).Settle(2, 30).Commit();
        var second = await Verify();
        await _pool.Settle(1, 40).Hold(Taken(3, 10)).Adjust("a1", -5).Commit();
        var third = await Verify();
        var nothing = await Verify();

        Assert.Equal((2, 4), (second.Rows.Count, second.Rows.First));
        Assert.Equal((3, 6), (third.Rows.Count, third.Rows.First));
        Assert.Equal(0, nothing.Rows.Count);
        var full = await storage.Audit.ReadAsync(_pool.Tenant, full: true, [], default);
        Assert.Empty(full.RollupMoves);
        Assert.Empty(full.HoldMoves);
        Assert.Equal(await storage.NumberAsync("SELECT count(*) FROM usage_rollup WHERE tenant = 'acme'"), await storage.NumberAsync("SELECT count(*) FROM rollup_audit"));
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_defect_is_named_by_the_next_pass(string plant, string checks)
    {
        await Live();
        await storage.ExecuteUnguardedAsync(plant);

        var (_, failed) = await Check();

        Assert.Equal(checks.Split(','), failed);
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_defect_in_verified_rows_is_named_by_a_full_pass(string plant, string checks)
    {
        await Live();
        await Verify();
        await storage.ExecuteUnguardedAsync(plant);

        var (_, failed) = await Check(full: true);

        Assert.Equal(checks.Split(','), failed);
    }

    [Fact]
    public async Task A_charge_that_its_event_does_not_have_is_named()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await Verify();
        await _pool.Settle(1, 50).With(batch => batch with { Events = [batch.Events[0] with { Charged = 49 }] }).Commit();

        var (reading, failed) = await Check();

        Assert.Equal(["events", "rollups"], failed);
        Assert.Equal((1, 3), (reading.EventsAstray, reading.EventAstray));
    }

    [Fact]
    public async Task L6_A_resolution_that_releases_more_than_was_held_is_named()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Commit();
        await Verify();
        await _pool.Void(1).With(batch => batch with { Entries = [batch.Entries[0] with { Held = -101 }] }).Commit();

        Assert.Equal(["holds"], (await Check()).Failed);
    }

    [Fact]
    public async Task A_failure_is_remembered_until_a_verification_passes()
    {
        await Live();
        Assert.Null(await storage.Audit.FindFailureAsync(_pool.Tenant, default));
        await Verify();
        Assert.True(await Record(await Read(), "wrong"));

        await storage.ReopenAsync();
        Assert.Equal("wrong", await storage.Audit.FindFailureAsync(_pool.Tenant, default));
        Assert.Null(await storage.Audit.FindFailureAsync(new TenantId("other"), default));
        Assert.Equal(["acme", "other"], (await storage.Audit.TenantsToVerifyAsync(default)).Select(tenant => tenant.Value));
        Assert.Equal(0, (await Read()).Rows.Count);

        await Verify();
        Assert.Null(await storage.Audit.FindFailureAsync(_pool.Tenant, default));
        Assert.Equal(["other"], (await storage.Audit.TenantsToVerifyAsync(default)).Select(tenant => tenant.Value));
        Assert.Equal(["acme", "other"], (await storage.Audit.TenantsAsync(default)).Select(tenant => tenant.Value));
    }

    [Fact]
    public async Task After_a_full_failure_nothing_counts_as_verified()
    {
        await Live();
        await Verify();
        await Record(await Read(full: true), "wrong");

        var (reading, failed) = await Check();

        Assert.Empty(failed);
        Assert.Equal(Rows, reading.Rows.Count);
        Assert.Equal(0, await storage.NumberAsync("SELECT (SELECT count(*) FROM rollup_audit) + (SELECT count(*) FROM hold_audit)"));
    }

    [Fact]
    public async Task A_verification_that_was_overtaken_is_not_recorded()
    {
        await Live();
        var (slow, fast) = (await Read(), await Read());

        Assert.True(await Record(fast, null));
        Assert.False(await Record(slow, null));
        Assert.False(await Record(slow, "wrong"));

        Assert.Null(await storage.Audit.FindFailureAsync(_pool.Tenant, default));
        Assert.Empty((await Check(full: true)).Failed);
        Assert.Empty((await Read(full: true)).RollupMoves);
    }

    [Fact]
    public async Task L16_A_month_is_read_in_the_same_snapshot()
    {
        await Live();
        Scope[] scopes = [Scope.Of(new UserId("ann"), new(202605)), Scope.Of(new UserId("ann"), new(202604)), Scope.Of(new EntityRef("app", "shop:1"), new(202605))];

        var reading = await storage.Audit.ReadAsync(_pool.Tenant, full: false, scopes, default);

        Assert.Equal([85, 0, 92], scopes.Select(scope => reading.Scopes[scope]));
    }

    [Fact]
    public async Task Rollups_are_made_anew_from_the_events_and_their_reader_is_fenced()
    {
        await Live();
        await Verify();
        await storage.ExecuteAsync("UPDATE usage_rollup SET charged = charged + 5 WHERE tenant = 'acme' AND dimension = 'actor' AND key = 'ann'");
        await storage.ExecuteAsync("DELETE FROM usage_rollup WHERE tenant = 'acme' AND dimension = 'model'");
        await storage.ExecuteAsync("INSERT INTO usage_rollup VALUES ('acme', 'actor', 'eve', '2026-05-20', 'ai', 1, 1, 1)");

        var changed = await storage.Audit.RebuildRollupsAsync(_pool.Tenant, default);

        Assert.Equal(
            [(RollupDimension.Actor, "ann", -5), (RollupDimension.Actor, "eve", -1), (RollupDimension.Model, "gpt-5-mini", 92)],
            changed.OrderBy(rollup => rollup.Key).Select(rollup => (rollup.Dimension, rollup.Key, rollup.Charged)));
        Assert.Empty((await Check()).Failed);
        Assert.Empty((await Check(full: true)).Failed);
        Assert.Equal(0, await storage.NumberAsync("SELECT count(*) FROM usage_rollup WHERE key = 'eve'"));
        await Assert.ThrowsAsync<LedgerFencedException>(_pool.Grant("g2", 1).Commit);
        Assert.Empty(await storage.Audit.RebuildRollupsAsync(_pool.Tenant, default));
        Assert.Equal(7, await storage.NumberAsync("SELECT charged FROM usage_rollup WHERE tenant = 'other' AND dimension = 'tenant'"));
    }

    // Every kind of row, in fifteen. Holds 2, 8 and 9 stay open.
    private async Task Live()
    {
        await _pool.Grant("g1", 10_000).Hold(Taken(1, 100)).Hold(Taken(2, 110)).Hold(Taken(3, 100, "bob")).Commit();
        await _pool.Hold(Taken(4, 100)).Void(4).Extend(2, 140).Hold(Taken(9, 0)).Commit();
        await _pool.Settle(1, 85).Expire(3, 10).Commit();
        await _pool.LateSettle(Taken(3, 100, "bob"), -3).Hold(Taken(5, 60)).Hold(Taken(8, 50)).Commit();
        await _pool.ExpireUnheard(5).Adjust("a1", -4).Commit();
    }

    private Task<AuditReading> Read(bool full = false) => storage.Audit.ReadAsync(_pool.Tenant, full, [], default);

    private Task<bool> Record(AuditReading reading, string? failure) => storage.Audit.RecordAsync(reading, failure, default);

    // There is no pool here whose memory could be compared.
    private async Task<(AuditReading Reading, IEnumerable<string> Failed)> Check(bool full = false)
    {
        var reading = await Read(full);
        return (reading, LedgerChecks.Of(reading, null).Where(check => !check.Passed && check.Name != "memory").Select(check => check.Name));
    }

    private async Task<AuditReading> Verify()
    {
        var (reading, failed) = await Check();
        Assert.Empty(failed);
        Assert.True(await Record(reading, null));
        return reading;
    }
}
