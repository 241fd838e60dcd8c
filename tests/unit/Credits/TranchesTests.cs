using Informer.Ai.Chats;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Credits;

/// <summary>A token of output costs one micro-credit here and the prompt 7, so amounts read as tokens.</summary>
public sealed class TranchesTests
{
    private readonly ScriptedPool _pool = new();

    [Fact]
    public async Task The_first_slice_asks_for_nothing_in_its_first_half()
    {
        var tranches = new Tranches(Plan(), _pool);

        Assert.Null(await tranches.Cover(1));
        Assert.Null(await tranches.Cover(512));

        Assert.Empty(_pool.Asked);
    }

    [Fact]
    public async Task At_half_a_slice_the_next_one_is_asked_for_once_and_nobody_waits()
    {
        var tranches = new Tranches(Plan(), _pool);

        foreach (var tokens in new[] { 513, 600, 1_023, 1_024 })
        {
            var covered = tranches.Cover(tokens);
            Assert.True(covered.IsCompletedSuccessfully);
            Assert.Null(await covered);
        }

        Assert.Equal([7 + 2_048], _pool.Asked);
    }

    [Fact]
    public async Task At_the_boundary_output_waits_until_the_hold_covers_it()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(1_024);

        var covered = tranches.Cover(1_025);
        Assert.False(covered.IsCompleted);
        _pool.Hold(0);

        Assert.Null(await covered);
        Assert.Equal([7 + 2_048], _pool.Asked);
    }

    [Fact]
    public async Task Slice_after_slice_is_asked_for_once()
    {
        var tranches = new Tranches(Plan(), _pool);

        for (var tokens = 1; tokens <= 4_096; tokens++)
        {
            var covered = tranches.Cover(tokens);
            Assert.True(covered.IsCompletedSuccessfully);
            Assert.Null(await covered);
            if (tokens % 1_024 == 700 && tokens < 3_072)
            {
                _pool.Hold(_pool.Asked.Count - 1);
            }
        }

        Assert.Equal([7 + 2_048, 7 + 3_072, 7 + 4_096], _pool.Asked);
    }

    [Fact]
    public async Task An_early_refusal_is_asked_again_at_the_boundary_and_may_pass_there()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(600);
        _pool.Refuse(0);
        Assert.Null(await tranches.Cover(700));
        Assert.Null(await tranches.Cover(1_024));
        Assert.Single(_pool.Asked);

        var covered = tranches.Cover(1_030);
        Assert.False(covered.IsCompleted);
        _pool.Hold(1);

        Assert.Null(await covered);
        Assert.Equal([7 + 2_048, 7 + 2_048], _pool.Asked);
    }

    [Fact]
    public async Task An_early_refusal_that_is_still_under_way_at_the_boundary_is_asked_again_too()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(600);

        var covered = tranches.Cover(1_030).AsTask();
        _pool.Refuse(0);
        Assert.False(covered.IsCompleted);
        _pool.Hold(1);

        Assert.Null(await covered);
    }

    [Fact]
    public async Task A_refusal_at_the_boundary_ends_it_with_its_code()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(600);
        _pool.Refuse(0);
        await tranches.Cover(700);

        var covered = tranches.Cover(1_025);
        _pool.Refuse(1, RefusalCode.PoolExhausted);

        Assert.Equal(2, _pool.Asked.Count);
        Assert.Equal(RefusalCode.PoolExhausted, await covered);
    }

    [Fact]
    public async Task A_hold_that_is_not_open_any_more_throws()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(1_000);

        var covered = tranches.Cover(1_025).AsTask();
        _pool.NotOpen(0);

        await Assert.ThrowsAsync<InvalidOperationException>(() => covered);
    }

    [Fact]
    public async Task L17_Output_is_not_covered_by_an_extension_that_was_not_confirmed()
    {
        var tranches = new Tranches(Plan(), _pool);

        var covered = tranches.Cover(1_025).AsTask();
        _pool.Fail(0);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => covered);
    }

    [Fact]
    public async Task The_tenants_own_key_asks_for_nothing()
    {
        var tranches = new Tranches(Plan(managed: false), _pool);

        Assert.Null(await tranches.Cover(100_000));

        Assert.Empty(_pool.Asked);
    }

    [Fact]
    public async Task A_jump_over_many_slices_asks_once_for_all_of_them()
    {
        var tranches = new Tranches(Plan(outputTokensMax: 1_000_000), _pool);

        var covered = tranches.Cover((100 * 1_024) - 600);
        Assert.Equal([7 + (100 * 1_024)], _pool.Asked);
        _pool.Hold(0);

        Assert.Null(await covered);
        Assert.Single(_pool.Asked);
    }

    [Fact]
    public async Task Nothing_is_asked_for_beyond_the_output_limit()
    {
        var tranches = new Tranches(Plan(outputTokensMax: 1_500), _pool);
        await tranches.Cover(1_024);
        _pool.Hold(0);

        Assert.Null(await tranches.Cover(1_500));
        Assert.Null(await tranches.Cover(1_600));

        Assert.Equal([7 + 1_500], _pool.Asked);
    }

    [Fact]
    public async Task Rest_waits_for_a_request_under_way_whatever_becomes_of_it()
    {
        var tranches = new Tranches(Plan(), _pool);
        await tranches.Cover(600);

        var rest = tranches.Rest();
        Assert.False(rest.IsCompleted);
        _pool.Fail(0);

        await rest;
    }

    private static TurnPlan Plan(int outputTokensMax = 4_096, bool managed = true)
    {
        var now = DateTimeOffset.UnixEpoch;
        var prices = new ModelPrices(0.01m, 0.01m);
        var model = new ModelEntry(
            "m", "m", "m", "", "p", "m", null, true, false, false, false, false, false, Tier.Everyday, "", 100_000, 0, prices, null, 0, false, false, null, [], now, now);
        var provider = new ProviderEntry("p", "p", "openai", managed, null, now, now);
        return new TurnPlan(
            new TenantId("t"),
            new UserId("u"),
            null,
            new TurnId(new Guid(1, 0, 0, new byte[8])),
            "answer",
            null,
            new ResolvedModel(model, model, provider),
            [],
            new ChatOptions(),
            7,
            outputTokensMax,
            false);
    }
}
