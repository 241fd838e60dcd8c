using System.Data.Common;
using Informer.Ai.Chats;
using Informer.Ai.Storage;
using Informer.Ai.Tenancy;
using Xunit;
using static Informer.Ai.Credits.PoolDriver;

namespace Informer.Ai.Credits;

/// <summary>What every ledger does, whatever keeps it.</summary>
public abstract class LedgerBehaviour(IStorageUnderTest storage) : IAsyncLifetime
{
    private static readonly Scope AnnInMay = Scope.Of(new UserId("ann"), new Period(202605));
    private static readonly EntityRef Shop = new("app", "shop:1");

    private readonly PoolDriver _pool = new(storage.Ledger);

    public async ValueTask InitializeAsync() => await _pool.TakeOver();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task A_tenant_that_never_was_opens_empty()
    {
        var opening = await storage.Ledger.TakeOverAsync(new TenantId("new"), default);

        Assert.Equal((1, 0, 0, 0), (opening.Epoch, opening.Seq, opening.Granted, opening.Settled));
        Assert.Equal(new PoolPolicy(), opening.Policy);
        Assert.Empty(opening.Holds);
    }

    [Fact]
    public async Task L25_A_takeover_reads_exactly_what_was_committed_also_after_a_restart()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 300)).Hold(Taken(2, 200)).Commit();
        await _pool.Extend(2, 250).Settle(1, 120).Adjust("a1", -20)
            .With(batch => batch with { Policy = new PoolPolicy(50, true, 1_500_000) })
            .Commit();

        await storage.ReopenAsync();
        var opening = await new PoolDriver(storage.Ledger).TakeOver();

        Assert.Equal((2, 6, 1_000, 100), (opening.Epoch, opening.Seq, opening.Granted, opening.Settled));
        Assert.Equal(new PoolPolicy(50, true, 1_500_000), opening.Policy);
        Assert.Equal([Taken(2, 250)], opening.Holds.Select(open => open.Hold));
        Assert.Equal(250, await storage.NumberAsync("SELECT held FROM credit_pool WHERE tenant = 'acme'"));
    }

    [Fact]
    public async Task L1_The_totals_are_the_sums_of_the_rows()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 300)).Hold(Taken(2, 40)).Hold(Taken(3, 7)).Commit();
        await _pool.Extend(1, 350).Settle(2, 30).Expire(3, 5).Commit();
        await _pool.LateSettle(Taken(3, 7), 4).Void(1).Adjust("a1", -9).Commit();

        foreach (var column in new[] { "granted", "held", "settled" })
        {
            Assert.Equal(
                await storage.NumberAsync($"SELECT CAST(sum({column}) AS bigint) FROM ledger_entry WHERE tenant = 'acme'"),
                await storage.NumberAsync($"SELECT {column} FROM credit_pool WHERE tenant = 'acme'"));
        }
    }

    [Fact]
    public async Task L22_A_fenced_epoch_writes_nothing()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 300)).Commit();
        var heir = await new PoolDriver(storage.Ledger).TakeOver();

        await Assert.ThrowsAsync<LedgerFencedException>(_pool.Settle(1, 100).Hold(Taken(2, 10)).Commit);

        var opening = await storage.Ledger.TakeOverAsync(_pool.Tenant, default);
        Assert.Equal((heir.Epoch + 1, heir.Seq, heir.Settled), (opening.Epoch, opening.Seq, opening.Settled));
        Assert.Equal([Taken(1, 300)], opening.Holds.Select(open => open.Hold));
        Assert.Equal(0, await storage.NumberAsync("SELECT count(*) FROM usage_event"));
        Assert.Equal(0, await storage.NumberAsync("SELECT count(*) FROM usage_rollup"));
    }

    [Fact]
    public async Task L22_A_fenced_epoch_changes_no_policy_and_no_budget_either()
    {
        await new PoolDriver(storage.Ledger).TakeOver();

        await Assert.ThrowsAsync<LedgerFencedException>(_pool
            .With(batch => batch with { Policy = new PoolPolicy(PayAsYouGo: true), Budgets = [new EntityBudget(Shop, 5)] })
            .Commit);

        Assert.False((await new PoolDriver(storage.Ledger).TakeOver()).Policy.PayAsYouGo);
        Assert.Null((await storage.Ledger.ReadScopeAsync(_pool.Tenant, Scope.Of(Shop, new(202605)), default)).Limit);
    }

    [Fact]
    public async Task L21_A_batch_that_does_not_follow_the_last_row_is_refused()
    {
        await _pool.Grant("g1", 1_000).Commit();

        _pool.Seq++;
        await Assert.ThrowsAsync<LedgerFencedException>(_pool.Grant("g2", 1).Commit);
        _pool.Seq = 0;
        await Assert.ThrowsAsync<LedgerFencedException>(_pool.Grant("g3", 1).Commit);

        Assert.Equal(1, (await _pool.TakeOver()).Seq);
    }

    [Fact]
    public async Task L21_A_gap_within_a_batch_is_refused()
    {
        _pool.Grant("g1", 1_000).Seq++;

        await Assert.ThrowsAsync<ArgumentException>(_pool.Grant("g2", 1).Commit);

        Assert.Equal(0, (await _pool.TakeOver()).Seq);
    }

    [Fact]
    public async Task L27_A_batch_is_written_whole_or_not_at_all()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();

        await Assert.ThrowsAnyAsync<DbException>(_pool.Settle(1, 50).Hold(Taken(2, 10)).Grant("g1", 1).Commit);

        var opening = await _pool.TakeOver();
        Assert.Equal((2, 1_000, 0), (opening.Seq, opening.Granted, opening.Settled));
        Assert.Equal([Taken(1, 100)], opening.Holds.Select(open => open.Hold));
        Assert.Equal(0, (await storage.Ledger.ReadScopeAsync(_pool.Tenant, AnnInMay, default)).Settled);
    }

    [Fact]
    public async Task L27_A_batch_that_fails_leaves_those_of_other_tenants_alone()
    {
        var drivers = Enumerable.Range(0, 40).Select(i => new PoolDriver(storage.Ledger, $"t{i}")).ToList();
        await Task.WhenAll(drivers.Select(driver => driver.TakeOver()));

        var commits = drivers.Select((driver, i) => driver.Grant("g", 10).Grant(i % 4 == 0 ? "g" : "h", 1).Commit()).ToList();
        await Task.WhenAll(commits.Select(commit => commit.ContinueWith(_ => { }, TaskScheduler.Default)));

        for (var i = 0; i < drivers.Count; i++)
        {
            Assert.Equal(i % 4 == 0, commits[i].IsFaulted);
            Assert.Equal(i % 4 == 0 ? 0 : 11, (await drivers[i].TakeOver()).Granted);
        }
    }

    [Theory]
    [InlineData("settle")]
    [InlineData("void")]
    [InlineData("expire")]
    public async Task L6_The_database_alone_refuses_a_second_resolution(string kind)
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Settle(1, 50).Commit();

        var second = await Assert.ThrowsAnyAsync<DbException>(() => storage.ExecuteAsync(
            $"""
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, granted, held, settled, day, at)
            VALUES ('acme', 99, 1, '{kind}', '{Id(1)}', 0, 0, 0, '2026-05-20', {storage.Epoch})
            """));

        Assert.Contains("UNIQUE", second.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task L6_A_second_settlement_through_the_ledger_is_refused_whole()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Settle(1, 50).Commit();

        var again = new PoolDriver(storage.Ledger);
        await again.TakeOver();
        again.Hold(Taken(1, 100)).With(batch => batch with { Entries = [] }).Seq--;
        await Assert.ThrowsAnyAsync<Exception>(again.Settle(1, 50).Commit);

        Assert.Equal(50, (await again.TakeOver()).Settled);
    }

    [Fact]
    public async Task L10_A_second_late_settlement_is_refused()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Expire(1, 10).Commit();
        await _pool.LateSettle(Taken(1, 100), 30).Commit();

        await Assert.ThrowsAnyAsync<DbException>(_pool.LateSettle(Taken(1, 100), 30).Commit);

        Assert.Equal(40, (await _pool.TakeOver()).Settled);
    }

    [Fact]
    public async Task A_hold_is_taken_once()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Void(1).Commit();

        await Assert.ThrowsAnyAsync<DbException>(_pool.Hold(Taken(1, 100)).Commit);
    }

    [Fact]
    public async Task L31_A_key_of_a_grant_or_an_adjustment_counts_once()
    {
        await _pool.Grant("g1", 1_000).Adjust("a1", 5).Commit();

        await Assert.ThrowsAnyAsync<DbException>(_pool.Adjust("g1", 5).Commit);

        Assert.True(await storage.Ledger.HasKeyAsync(_pool.Tenant, "g1", default));
        Assert.True(await storage.Ledger.HasKeyAsync(_pool.Tenant, "a1", default));
        Assert.False(await storage.Ledger.HasKeyAsync(_pool.Tenant, "g2", default));
        Assert.False(await storage.Ledger.HasKeyAsync(new TenantId("other"), "g1", default));
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET settled = 0")]
    [InlineData("DELETE FROM ledger_entry")]
    [InlineData("UPDATE usage_event SET charged = 0")]
    [InlineData("DELETE FROM usage_event")]
    public async Task What_was_written_is_never_changed(string statement)
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Settle(1, 50).Commit();

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => storage.ExecuteAsync(statement));

        Assert.Matches("append-only|permission denied", refused.Message);
    }

    [Theory]
    [InlineData("grant", -1, 0, 0, "ledger_entry_grant_grants")]
    [InlineData("grant", 1, 1, 0, "ledger_entry_only_holds_hold")]
    [InlineData("grant", 1, 0, 1, "ledger_entry_void_charges_nothing")]
    [InlineData("extend", 0, -1, 0, "ledger_entry_hold_holds")]
    [InlineData("settle", 0, 1, 0, "ledger_entry_resolution_releases")]
    [InlineData("settle", 0, 0, -1, "ledger_entry_settle_charges")]
    [InlineData("expire", 0, 0, -1, "ledger_entry_settle_charges")]
    [InlineData("void", 0, 0, 1, "ledger_entry_void_charges_nothing")]
    [InlineData("late-settle", 0, 1, 0, "ledger_entry_only_holds_hold")]
    [InlineData("adjust", 1, 0, 0, "ledger_entry_grant_grants")]
    public async Task L19_The_database_refuses_amounts_that_make_no_sense(
        string kind, long granted, long held, long settled, string constraint)
    {
        var (hold, key) = kind is "grant" or "adjust" ? ("NULL", "'k'") : ($"'{Id(1)}'", "NULL");

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => storage.ExecuteAsync(
            $"""
            INSERT INTO ledger_entry (tenant, seq, epoch, kind, hold_id, key, granted, held, settled, day, at)
            VALUES ('acme', 1, 1, '{kind}', {hold}, {key}, {granted}, {held}, {settled}, '2026-05-20', {storage.Epoch})
            """));

        Assert.Contains(constraint, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task L1_More_is_never_released_than_is_held()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();

        await Assert.ThrowsAnyAsync<DbException>(_pool
            .Void(1)
            .With(batch => batch with { Entries = [batch.Entries[0] with { Held = -101 }] })
            .Commit);
    }

    [Fact]
    public async Task A_hold_that_is_not_open_cannot_grow()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Settle(1, 50).Commit();

        await Assert.ThrowsAsync<InvalidOperationException>(_pool
            .Grant("g2", 1)
            .With(batch => batch with { Extended = [(Id(1), 200)] })
            .Commit);

        Assert.Equal(1_000, (await _pool.TakeOver()).Granted);
    }

    [Fact]
    public async Task L16_The_rollups_are_the_sums_of_the_events()
    {
        await _pool.Grant("g1", 10_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Hold(Taken(3, 100, "bob")).Commit();
        await _pool.Settle(1, 50).Settle(2, 25).Commit();
        await _pool.Expire(3, 10).Commit();
        await _pool.LateSettle(Taken(3, 100, "bob"), -3).Commit();

        foreach (var (dimension, column) in new[]
        {
            ("tenant", "''"), ("actor", "actor"), ("entity", "entity_type || ':' || entity_id"), ("model", "model_id"),
        })
        {
            var differences = await storage.NumberAsync(
                $"""
                SELECT count(*) FROM (
                    SELECT {column} AS key, day, resource_type, sum(charged) AS charged,
                        count(*) FILTER (WHERE kind <> 'late-settled') AS events, sum(
                        input_tokens + output_tokens + cache_read_tokens + cache_write_short_tokens
                        + cache_write_long_tokens) FILTER (WHERE kind <> 'late-settled') AS tokens
                    FROM usage_event WHERE tenant = 'acme' GROUP BY 1, 2, 3) e
                FULL JOIN (SELECT * FROM usage_rollup WHERE tenant = 'acme' AND dimension = '{dimension}') r
                    ON r.key = e.key AND r.day = e.day AND r.resource_type = e.resource_type
                WHERE r.charged IS NULL OR e.charged IS NULL
                    OR r.charged <> e.charged OR r.events <> e.events OR r.tokens <> e.tokens
                """);
            Assert.Equal(0, differences);
        }

        Assert.Equal(82, await storage.NumberAsync("SELECT charged FROM usage_rollup WHERE dimension = 'tenant'"));
    }

    [Fact]
    public async Task L28_A_scope_counts_its_own_month_and_nobody_elses()
    {
        await _pool.Grant("g1", 10_000).Hold(Taken(1, 100)).Hold(Taken(2, 100, "bob")).Commit();
        await _pool.Settle(1, 50).Settle(2, 25)
            .With(batch => batch with
            {
                Rollups =
                [
                    .. batch.Rollups,
                    new(new DateOnly(2026, 4, 30), RollupDimension.Actor, "ann", "ai", 1_000, 1, 1),
                    new(new DateOnly(2026, 5, 1), RollupDimension.Actor, "ann", "ai", 3, 1, 1),
                    new(new DateOnly(2026, 5, 31), RollupDimension.Actor, "ann", "image", 4, 1, 1),
                    new(new DateOnly(2026, 6, 1), RollupDimension.Actor, "ann", "ai", 2_000, 1, 1),
                    new(new DateOnly(2026, 5, 2), RollupDimension.Model, "ann", "ai", 3_000, 1, 1),
                ],
            })
            .Commit();

        Assert.Equal(57, (await storage.Ledger.ReadScopeAsync(_pool.Tenant, AnnInMay, default)).Settled);
        Assert.Equal(0, (await storage.Ledger.ReadScopeAsync(new("other"), AnnInMay, default)).Settled);
        Assert.Equal(
            75, (await storage.Ledger.ReadScopeAsync(_pool.Tenant, Scope.Of(Shop, new(202605)), default)).Settled);
    }

    [Fact]
    public async Task L20_An_entity_without_a_budget_and_one_with_a_budget_of_nothing_are_two_things()
    {
        var scope = Scope.Of(Shop, new Period(202605));
        Assert.Null((await storage.Ledger.ReadScopeAsync(_pool.Tenant, scope, default)).Limit);

        await _pool.With(batch => batch with { Budgets = [new EntityBudget(Shop, 0)] }).Commit();
        Assert.Equal(0, (await storage.Ledger.ReadScopeAsync(_pool.Tenant, scope, default)).Limit);

        await _pool.With(batch => batch with { Budgets = [new EntityBudget(Shop, null)] }).Commit();
        Assert.Null((await storage.Ledger.ReadScopeAsync(_pool.Tenant, scope, default)).Limit);
    }

    [Fact]
    public async Task L20_A_hold_without_a_cap_comes_back_without_one()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 10) with { Cap = null, Entity = null }).Hold(Taken(2, 0) with { Cap = 0 }).Commit();

        Assert.Equal(
            [Taken(1, 10) with { Cap = null, Entity = null }, Taken(2, 0) with { Cap = 0 }],
            (await _pool.TakeOver()).Holds.Select(open => open.Hold));
    }

    [Fact]
    public async Task A_resolution_is_told_with_its_whole_origin()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Hold(Taken(3, 100)).Hold(Taken(4, 100)).Hold(Taken(5, 1)).Commit();
        await _pool.Extend(1, 150).Commit();
        await _pool.Settle(1, 60, estimated: true).Void(2).Expire(3, 30).ExpireUnheard(4).Commit();
        await _pool.LateSettle(Taken(3, 100), -10).Commit();

        Assert.Equal(new Resolution(Id(1), ResolutionKind.Settled, 60, true, Taken(1, 150)), await Find(1));
        Assert.Equal(new Resolution(Id(2), ResolutionKind.Voided, 0, false, Taken(2, 100)), await Find(2));
        Assert.Equal(new Resolution(Id(3), ResolutionKind.LateSettled, 20, false, Taken(3, 100)), await Find(3));
        Assert.Equal(new Resolution(Id(4), ResolutionKind.Expired, 0, true, Taken(4, 100)), await Find(4));
        Assert.Null(await Find(5));
        Assert.Null(await Find(6));
        Assert.Null(await storage.Ledger.FindResolutionAsync(new TenantId("other"), Id(1), default));
    }

    [Fact]
    public async Task A_hold_that_is_taken_and_resolved_in_one_batch_is_never_open_and_still_told()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Void(1).Hold(Taken(2, 100)).Settle(2, 10).Commit();

        Assert.Empty((await _pool.TakeOver()).Holds);
        Assert.Equal(new Resolution(Id(1), ResolutionKind.Voided, 0, false, Taken(1, 100)), await Find(1));
        Assert.Equal(new Resolution(Id(2), ResolutionKind.Settled, 10, false, Taken(2, 100)), await Find(2));
    }

    [Fact]
    public async Task A_usage_event_keeps_all_of_it()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Commit();
        await _pool.Settle(1, 60).Commit();

        Assert.Equal(1, await storage.NumberAsync(
            $$"""
            SELECT count(*) FROM usage_event
            WHERE tenant = 'acme' AND seq = 3 AND hold_id = '{{Id(1)}}' AND kind = 'settled' AND day = '2026-05-20'
                AND actor = 'ann' AND entity_type = 'app' AND entity_id = 'shop:1' AND held = 100 AND cap = 5000
                AND gates = 31 AND resource_type = 'ai' AND model_id = 'gpt-5-mini' AND held_model_id = 'gpt-5'
                AND provider_id = 'openai' AND price_version = '{"input":2}' AND chat_id = 'c1'
                AND parent_id = '{{Id(900)}}' AND input_tokens = 10 AND output_tokens = 20
                AND cache_read_tokens = 30 AND cache_write_short_tokens = 4 AND cache_write_long_tokens = 5
                AND reasoning_tokens = 6 AND images = 1 AND raw_usage = '{"total":69}' AND charged = 60
                AND finish_reason = 'stop'
            """));
    }

    [Fact]
    public async Task L29_A_hold_ages_since_it_was_last_heard_of_and_never_backwards()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Hold(Taken(3, 100)).Commit();
        await storage.PassAsync(TimeSpan.FromSeconds(60));
        await _pool.Extend(2, 200).Commit();
        await storage.Checkpoints.WriteAsync([Checkpoint(3)], default);
        await storage.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([90, 30, 30], await Ages());

        await storage.PassAsync(TimeSpan.FromSeconds(-3_600));
        Assert.Equal([0, 0, 0], await Ages());
    }

    [Fact]
    public async Task Evidence_is_the_last_checkpoint_with_its_age()
    {
        await storage.Checkpoints.WriteAsync([Checkpoint(1), Checkpoint(2)], default);
        await storage.Checkpoints.WriteAsync([Checkpoint(1) with { CostMicroCredits = 77 }], default);
        await storage.PassAsync(TimeSpan.FromSeconds(20));

        var evidence = Assert.Single(await storage.Ledger.ReadEvidenceAsync(_pool.Tenant, [Id(1), Id(3)], default));

        Assert.Equal((Id(1), 77, new TokenUsage(1, 2, 3, 4, 5, 6, 7)), (evidence.Hold, evidence.CostMicroCredits, evidence.Usage));
        Assert.Equal(20, evidence.Age.TotalSeconds, 3.0);
        Assert.Empty(await storage.Ledger.ReadEvidenceAsync(new TenantId("other"), [Id(1)], default));
    }

    [Fact]
    public async Task A_checkpoint_of_a_direct_call_goes_after_its_hold_and_a_chats_stays()
    {
        await _pool.Grant("g1", 1_000).Hold(Taken(1, 100)).Hold(Taken(2, 100)).Hold(Taken(3, 100)).Commit();
        await storage.Checkpoints.WriteAsync(
            [Checkpoint(1), Checkpoint(2), Checkpoint(3) with { Chat = new ChatId(Id(50).Value) }], default);
        await _pool.Settle(1, 10).Settle(3, 10).Commit();
        var age = TimeSpan.FromMinutes(1);

        await storage.Checkpoints.DropUnheldAsync(age, default);
        Assert.NotNull(await storage.Checkpoints.FindAsync(_pool.Tenant, Id(1), default));
        await storage.PassAsync(2 * age);
        await storage.Checkpoints.DropUnheldAsync(age, default);

        Assert.Null(await storage.Checkpoints.FindAsync(_pool.Tenant, Id(1), default));
        Assert.NotNull(await storage.Checkpoints.FindAsync(_pool.Tenant, Id(2), default));
        Assert.NotNull(await storage.Checkpoints.FindAsync(_pool.Tenant, Id(3), default));
    }

    [Fact]
    public async Task Tenants_with_open_holds_are_those()
    {
        var (idle, busy) = (new PoolDriver(storage.Ledger, "idle"), new PoolDriver(storage.Ledger, "busy"));
        await idle.TakeOver();
        await busy.TakeOver();
        await idle.Grant("g", 10).Hold(Taken(1, 1)).Commit();
        await idle.Void(1).Commit();
        await busy.Grant("g", 10).Hold(Taken(1, 1)).Hold(Taken(2, 1)).Commit();

        Assert.Equal([busy.Tenant], await storage.Ledger.TenantsWithOpenHoldsAsync(default));
    }

    private static TurnCheckpoint Checkpoint(int number) =>
        new(new TenantId("acme"), Id(number), null, "[]", new TokenUsage(1, 2, 3, 4, 5, 6, 7), 55);

    private Task<Resolution?> Find(int number) =>
        storage.Ledger.FindResolutionAsync(_pool.Tenant, Id(number), default);

    private async Task<IEnumerable<double>> Ages() =>
        (await new PoolDriver(storage.Ledger).TakeOver()).Holds.Select(open => Math.Round(open.Age.TotalSeconds));
}
