using Informer.Ai.Credits;

namespace Informer.Ai.Chats;

public sealed class TurnTests
{
    [Fact]
    public async Task A_call_with_the_tenants_own_key_goes_on_when_the_pool_is_empty_and_costs_nothing()
    {
        await using var cluster = await TurnCluster.Start(grantedMicro: 0, byok: true);
        cluster.Model.Say("Hi");
        cluster.Model.Finish(input: 10, output: 2);

        Assert.IsType<TurnRefused>((await cluster.Run()).Answer);
        var (turn, grain, _) = await cluster.Run("own-everyday");
        var finished = Assert.IsType<TurnFinished>((await TurnCluster.Watch(grain, turn))[^1]);

        Assert.Equal(0, finished.CreditsMicro);
        Assert.Equal(new TokenUsage(Input: 10, Output: 2), finished.Usage);
        Assert.Equal(1, await cluster.Number("SELECT COUNT(*) FROM usage_event WHERE byok = 1 AND charged = 0 AND output_tokens = 2"));
        Assert.Equal(0, await cluster.Number("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task A_call_with_the_tenants_own_key_never_falls_back_to_one_that_the_pool_pays()
    {
        await using var cluster = await TurnCluster.Start(byok: true);
        cluster.Model.Fail("PROVIDER_TIMEOUT");

        var (turn, grain, _) = await cluster.Run("own-everyday");

        Assert.Equal("PROVIDER_TIMEOUT", Assert.IsType<TurnNotBegun>(Assert.Single(await TurnCluster.Watch(grain, turn))).Code);
        Assert.Equal(1, cluster.Model.Calls);
        Assert.Equal(0, await cluster.Number("SELECT COUNT(*) FROM credit_hold"));
    }

    [Fact]
    public async Task A_call_with_the_tenants_own_key_still_needs_the_tier()
    {
        await using var cluster = await TurnCluster.Start(byok: true);

        var refused = Assert.IsType<TurnRefused>((await cluster.Run("own-strategic")).Answer);

        Assert.Equal(RefusalCode.TierNotAllowed, refused.Refusal.Code);
        Assert.Equal(0, cluster.Model.Calls);
    }

    [Fact]
    public async Task L17_without_a_durable_hold_no_provider_is_called()
    {
        await using var cluster = await TurnCluster.Start();
        cluster.Ledger.FailNext();
        cluster.Ledger.FailNext();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => cluster.Run());

        Assert.Equal(0, cluster.Model.Calls);
        Assert.Equal(0, (await cluster.Pool.Read(TurnCluster.User)).Pool.Held);
    }

    [Fact]
    public async Task L24_a_reserve_of_unknown_outcome_is_sent_again_with_its_id()
    {
        await using var cluster = await TurnCluster.Start();
        cluster.Model.Say("Hi");
        cluster.Model.Finish();
        cluster.Ledger.LoseNextConfirmation();

        var (turn, grain, answer) = await cluster.Run();

        Assert.IsType<TurnStarted>(answer);
        Assert.IsType<TurnFinished>((await TurnCluster.Watch(grain, turn))[^1]);
        Assert.Equal(1, cluster.Model.Calls);
        Assert.Equal(0, (await cluster.Pool.Read(TurnCluster.User)).Pool.Held);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task L6_a_settlement_of_unknown_outcome_is_sent_again_and_charged_once(bool written)
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();
        if (written)
        {
            cluster.Ledger.LoseNextConfirmation();
        }
        else
        {
            cluster.Ledger.FailNext();
        }

        cluster.Model.Say("Hi");
        cluster.Model.Finish();
        var finished = Assert.IsType<TurnFinished>((await TurnCluster.Watch(grain, turn))[^1]);

        var pool = (await cluster.Pool.Read(TurnCluster.User)).Pool;
        Assert.Equal((finished.CreditsMicro, 0), (pool.Used, pool.Held));
        Assert.Equal(1, await cluster.Number("SELECT COUNT(*) FROM usage_event"));
    }

    [Fact]
    public async Task L34_a_settlement_is_sent_again_until_it_is_written()
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();
        for (var tries = 0; tries < 13; tries++)
        {
            cluster.Ledger.FailNext();
        }

        cluster.Model.Say("Hi");
        cluster.Model.Finish(input: 10, output: 2);
        var told = Assert.IsType<TurnFailed>((await TurnCluster.Watch(grain, turn))[^1]);
        await cluster.Settled();

        Assert.Contains("not confirmed", told.Message, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.Number("SELECT COUNT(*) FROM ledger_entry WHERE kind = 'settle'"));
        Assert.Equal(1, await cluster.Number("SELECT COUNT(*) FROM usage_event WHERE output_tokens = 2 AND kind = 'settled'"));
    }

    [Fact]
    public async Task L13_a_finished_answer_is_never_marked_aborted()
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();
        var settling = cluster.Ledger.HoldNext();
        cluster.Model.Say("Hi");
        cluster.Model.Finish();

        await settling.Begun;
        var abort = grain.Abort(turn);
        settling.Release();
        await abort;

        var finished = Assert.IsType<TurnFinished>((await TurnCluster.Watch(grain, turn))[^1]);
        Assert.Equal(("stop", false), (finished.FinishReason, finished.Estimated));
    }

    [Fact]
    public async Task An_abort_cuts_the_provider_and_returns_when_it_is_settled()
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();
        cluster.Model.Say("Hi");
        await foreach (var happened in grain.Watch(turn, 0, CancellationToken.None))
        {
            if (happened is TextDelta)
            {
                break;
            }
        }

        await grain.Abort(turn);

        Assert.True(cluster.Model.Cut.IsCompleted);
        var pool = (await cluster.Pool.Read(TurnCluster.User)).Pool;
        Assert.Equal(0, pool.Held);
        Assert.True(pool.Used > 0);
        Assert.IsType<TurnAborted>((await TurnCluster.Watch(grain, turn))[^1]);
    }

    [Fact]
    public async Task An_abort_before_anything_came_costs_nothing()
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();

        await grain.Abort(turn);

        var pool = (await cluster.Pool.Read(TurnCluster.User)).Pool;
        Assert.Equal((0, 0), (pool.Used, pool.Held));
        Assert.IsType<TurnAborted>((await TurnCluster.Watch(grain, turn))[^1]);
    }

    [Fact]
    public async Task L7_the_same_turn_twice_calls_the_provider_once()
    {
        await using var cluster = await TurnCluster.Start();
        var turn = cluster.NewTurn();
        var grain = cluster.Invocation(turn);
        var request = TurnCluster.Request(turn, "go_everyday");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grain.Run(request)));
        cluster.Model.Say("Hi");
        cluster.Model.Finish();
        await TurnCluster.Watch(grain, turn);

        Assert.All(answers, answer => Assert.IsType<TurnStarted>(answer));
        Assert.Equal(1, cluster.Model.Calls);
        Assert.Equal(1, await cluster.Number("SELECT COUNT(*) FROM usage_event"));
    }

    [Fact]
    public async Task A_watcher_that_names_an_event_that_is_not_there_reads_from_the_first()
    {
        await using var cluster = await TurnCluster.Start();
        var (turn, grain, _) = await cluster.Run();
        cluster.Model.Say("Hi");
        cluster.Model.Finish();
        var all = await TurnCluster.Watch(grain, turn);

        List<long> after = [];
        await foreach (var happened in grain.Watch(turn, 999, CancellationToken.None))
        {
            after.Add(happened.Seq);
        }

        Assert.Equal(all.Select(happened => happened.Seq), after);
    }
}
