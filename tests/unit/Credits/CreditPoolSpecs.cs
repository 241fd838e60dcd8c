namespace Informer.Ai.Credits;

public sealed class CreditPoolSpecs
{
    [Fact]
    public void L1_A_hold_takes_credits_and_its_settlement_gives_the_rest_back() => PoolSpec.Run(
        """
                  id   credits  answer                available  held  used  row
        grant          100                            100        0     0     0+0
        reserve   h1   30       held                  70         30    0     30+0
        reserve   h2   80       POOL_EXHAUSTED later  70         30    0     none
        settle    h1   12       settled               88         0     12    -30+12
        reserve   h2   88       held                  0          88    12    88+0
        void      h2            voided                88         0     12    -88+0
        """);

    [Fact]
    public void L2_A_hold_never_exceeds_what_is_available() => PoolSpec.Run(
        """
                  id   credits    answer                available
        reserve   h0   0.000001   POOL_EXHAUSTED        0
        grant          10                               10
        reserve   h1   10.000001  POOL_EXHAUSTED        10
        reserve   h2   10         held                  0
        reserve   h3   0.000001   POOL_EXHAUSTED later  0
        """);

    [Fact]
    public void The_same_hold_again_is_held_once() => PoolSpec.Run(
        """
                  id   credits  answer  available  row
        grant          100              100
        reserve   h1   30       held    70         30+0
        reserve   h1   30       held    70         none
        reserve   h1   99       held    70         none
        """);

    [Fact]
    public void An_extension_enlarges_and_never_shrinks() => PoolSpec.Run(
        """
                  id   credits  answer          holds  available  row
        grant          100                             100
        reserve   h1   30       held                   70         30+0
        extend    h1   50       held            50     50         20+0
        extend    h1   50       held            50     50         none
        extend    h1   10       held            50     50         none
        extend    h1   101      POOL_EXHAUSTED  50     50         none
        extend    h1   100      held            100    0          50+0
        settle    h1   100      settled                0          -100+100
        """);

    [Fact]
    public void An_extension_of_a_hold_that_is_not_open_says_so() => PoolSpec.Run(
        """
                  id   credits  answer    holds  available  row
        grant          100                       100
        extend    h9   1        not-open  0      100        none
        reserve   h1   30       held             70
        void      h1            voided           100
        extend    h1   40       not-open  0      100        none
        """);

    [Fact]
    public void An_extension_passes_the_same_gates_as_its_hold() => PoolSpec.Run(
        """
                  id     credits  entity  answer         holds  month  entitys
        grant            100
        cap       ann    20
        reserve   h1     10               held                  0+10
        extend    h1     21               CREDIT_LIMIT   10     0+10
        extend    h1     20               held           20     0+20
        void      h1                      voided                0+0
        budget    app:a  15
        reserve   h2     10       app:a   held                  0+10   0+10
        extend    h2     16       app:a   ENTITY_BUDGET  10     0+10   0+10
        extend    h2     15       app:a   held           15     0+15   0+15
        settle    h2     11       app:a   settled               11+0   11+0
        """);

    [Fact]
    public void L20_No_cap_a_cap_of_zero_and_a_price_of_zero_are_three_things() => PoolSpec.Run(
        """
                  id    credits  answer        profile  available
        grant           100                             100
        cap       ann   none
        reserve   h1    50       held                   50
        void      h1             voided                 100
        cap       ann   0
        reserve   h2    50       CREDIT_LIMIT  0        100
        reserve   h3    0        CREDIT_LIMIT  0        100
        cap       ann   10
        reserve   h4    0        held                   100
        reserve   h5    10       held                   90
        reserve   h6    0        held                   90
        """);

    [Fact]
    public void L20_An_entity_without_budget_and_one_of_zero_are_two_things() => PoolSpec.Run(
        """
                  id     credits  entity  answer         left  available
        grant            100                                   100
        reserve   h1     50       app:a   held                 50
        budget    app:b  0
        reserve   h2     1        app:b   ENTITY_BUDGET  0     50
        reserve   h3     0        app:b   ENTITY_BUDGET  0     50
        """);

    [Fact]
    public void What_costs_nothing_is_held_also_when_credits_are_overspent() => PoolSpec.Run(
        """
                  id     credits  entity  answer          available  month
        grant            10                               10
        cap       ann    10
        budget    app:a  10
        reserve   h1     10       app:a   held            0
        settle    h1     15       app:a   settled         -5         15+0
        reserve   h2     0        app:a   held            -5         15+0
        extend    h2     0        app:a   held            -5         15+0
        cap       ann    none
        reserve   h3     0.00001          POOL_EXHAUSTED  -5         15+0
        """);

    [Fact]
    public void L4_A_cap_counts_what_is_settled_and_what_is_held() => PoolSpec.Run(
        """
                  id    credits  who  answer              profile  pool  mine  required  month
        grant           100
        cap       ann   20
        reserve   h1    15       ann  held                                               0+15
        reserve   h2    10       ann  CREDIT_LIMIT later  20       100   15    10        0+15
        reserve   h3    10       bob  held                                               0+10
        settle    h1    12       ann  settled                                            12+0
        reserve   h4    10       ann  CREDIT_LIMIT        8        88    0     10        12+0
        reserve   h5    8        ann  held                                               12+8
        """);

    [Fact]
    public void The_entity_budget_counts_every_actor() => PoolSpec.Run(
        """
                  id         credits  who  entity     answer               profile  pool  mine  required  left  entitys
        grant                100
        budget    dataset:d  20
        reserve   h1         15       ann  dataset:d  held                                                      0+15
        reserve   h2         10       bob  dataset:d  ENTITY_BUDGET later  none     100   0     10        20    0+15
        settle    h1         12       ann  dataset:d  settled                                                   12+0
        reserve   h3         10       bob  dataset:d  ENTITY_BUDGET        none     88    0     10        8     12+0
        reserve   h4         10       bob  app:d      held                                                      0+10
        budget    dataset:d  none
        reserve   h5         50       bob  dataset:d  held                                                      12+50
        """);

    [Fact]
    public void L5_A_refusal_leaves_nothing_held_at_any_gate() => PoolSpec.Run(
        """
                  id     credits  entity  answer          month  entitys  held
        grant            10
        cap       ann    100
        budget    app:a  100
        reserve   h1     11       app:a   POOL_EXHAUSTED  0+0    0+0      0
        cap       ann    5
        reserve   h2     6        app:a   CREDIT_LIMIT    0+0    0+0      0
        cap       ann    100
        budget    app:a  5
        reserve   h3     6        app:a   ENTITY_BUDGET   0+0    0+0      0
        reserve   h4     5        app:a   held            0+5    0+5      5
        """);

    [Fact]
    public void The_first_failing_check_answers_whatever_else_fails() => PoolSpec.Run(
        """
                  id     credits  entity  answer
        grant            10
        cap       ann    5
        budget    app:a  5
        reserve   h1     11       app:a   CREDIT_LIMIT
        cap       ann    none
        reserve   h2     11       app:a   ENTITY_BUDGET
        budget    app:a  none
        reserve   h3     11       app:a   POOL_EXHAUSTED
        """);

    [Fact]
    public void A_refusal_is_retryable_only_where_its_own_check_fails_by_holds() => PoolSpec.Run(
        """
                  id    credits  who  answer                mine
        grant           10
        reserve   h1    8        bob  held
        cap       ann   5
        reserve   h2    6        ann  CREDIT_LIMIT          0
        reserve   h3    5        ann  POOL_EXHAUSTED later  0
        settle    h1    8        bob  settled
        reserve   h4    5        ann  POOL_EXHAUSTED        0
        """);

    [Fact]
    public void BYOK_passes_by_cap_entity_and_pool_and_writes_an_event_of_zero() => PoolSpec.Run(
        """
                  id     credits  entity  answer   charged  event  month  row
        cap       ann    0
        budget    app:a  0
        byok      h1     50       app:a   held                     0+0    0+0
        extend    h1     90       app:a   held                     0+0    none
        settle    h1     70       app:a   settled  0        0      0+0    0+0
        byok      h2     50       app:a   held                     0+0    0+0
        expire    h2     30       app:a   expired  0        0      0+0    0+0
        settle    h2     40       app:a   late     0        0      0+0    0+0
        byok      h3     50       app:a   held                     0+0    0+0
        void      h3              app:a   voided   0        none   0+0    0+0
        """);

    [Fact]
    public void Slush_is_drawn_on_when_nothing_remains() => PoolSpec.Run(
        """
                  id   credits  answer          available  remaining  slushUsed  slushActive  pool
        slush          20
        grant          100                      102        100        0          no
        reserve   h1   103      POOL_EXHAUSTED  102        100        0          no           100
        reserve   h1   102      held            0          100        0          no
        settle    h1   100      settled         2          0          0          yes
        reserve   h2   2        held            0          0          0          yes
        settle    h2   1        settled         1          0          1          yes
        reserve   h3   2        POOL_EXHAUSTED  1          0          1          yes          0
        """);

    [Fact]
    public void Pay_as_you_go_never_denies_and_charges_the_overage_rate_beyond_what_is_included() => PoolSpec.Run(
        """
                  id   credits  answer   charged  used  remaining  slushActive
        payg           1.5
        grant          100                        0     100        no
        reserve   h1   80       held              0     100        no
        settle    h1   80       settled  80       80    20         no
        reserve   h2   30       held              80    20         no
        settle    h2   30       settled  35       115   0          no
        reserve   h3   900      held              115   0          no
        settle    h3   10       settled  15       130   0          no
        """);

    [Fact]
    public void Pay_as_you_go_rounds_its_rate_up_to_a_micro_credit() => PoolSpec.Run(
        """
                  id   credits   answer   charged
        payg           1.000001
        reserve   h1   0.000003  held
        settle    h1   0.000003  settled  0.000004
        reserve   h2   1         held
        settle    h2   1         settled  1.000001
        """);

    [Fact]
    public void Pay_as_you_go_charges_the_included_credits_first_whatever_others_hold() => PoolSpec.Run(
        """
                  id   credits  who  answer   charged  used
        payg           2
        grant          30
        reserve   h1   30       ann  held
        reserve   h2   30       bob  held
        settle    h1   30       ann  settled  30       30
        settle    h2   30       bob  settled  60       90
        """);

    [Fact]
    public void Pay_as_you_go_prices_a_late_settlement_as_if_it_had_come_in_time() => PoolSpec.Run(
        """
                  id   credits  answer   charged  event  used
        payg           2
        grant          100
        reserve   h1   100      held
        expire    h1   100      expired  100      100    100
        settle    h1   100      late     100      0      100
        """);

    [Fact]
    public void Pay_as_you_go_keeps_the_cap_and_the_entity_budget() => PoolSpec.Run(
        """
                  id     credits  entity  answer         profile  pool  left
        payg             2
        grant            10
        cap       ann    20
        budget    app:a  15
        reserve   h1     11               CREDIT_LIMIT   20       none  none
        reserve   h2     8        app:a   ENTITY_BUDGET  20       none  15
        reserve   h3     7        app:a   held
        """);

    [Fact]
    public void L4_Holds_in_flight_cannot_pass_a_cap_at_the_overage_rate() => PoolSpec.Run(
        """
                  id     credits  answer              used
        payg             2
        grant            10
        cap       ann    100
        reserve   h1     30       held                0
        reserve   h2     30       CREDIT_LIMIT later  0
        settle    h1     30       settled             50
        """);

    [Fact]
    public void L28_A_hold_belongs_to_the_month_in_which_it_was_taken() => PoolSpec.Run(
        """
                  id          credits  answer        month  april  used
        day       2026-04-30
        grant                 100
        cap       ann         20
        reserve   h1          15       held          0+15   0+15   0
        day       2026-05-01                         0+0    0+15   0
        reserve   h2          20       held          0+20   0+15   0
        extend    h1          20       held          0+20   0+20   0
        extend    h1          21       CREDIT_LIMIT  0+20   0+20   0
        settle    h1          18       settled       0+20   18+0   18
        settle    h2          7        settled       7+0    18+0   25
        """);

    [Fact]
    public void L28_A_late_settlement_counts_in_the_month_of_its_hold() => PoolSpec.Run(
        """
                  id          credits  answer   month  april
        day       2026-04-30
        grant                 100
        reserve   h1          15       held
        expire    h1          5        expired  5+0    5+0
        day       2026-05-01
        settle    h1          9        late     0+0    9+0
        """);

    [Fact]
    public void An_overrun_is_charged_in_full_and_stops_what_comes_after() => PoolSpec.Run(
        """
                  id   credits  answer          charged  available  remaining  month
        grant          20                                20         20
        reserve   h1   10       held                     10
        settle    h1   25       settled         25       -5         0          25+0
        reserve   h2   1        POOL_EXHAUSTED           -5
        grant          10                                5          5
        reserve   h2   1        held                     4
        """);

    [Fact]
    public void L9_An_expiry_frees_exactly_the_hold_and_charges_its_checkpoint() => PoolSpec.Run(
        """
                  id     credits  entity  answer   charged  event  available  month  entitys
        grant            100
        reserve   h1     30       app:a   held                     70         0+30   0+30
        reserve   h2     40       app:a   held                     30         0+70   0+70
        expire    h1              app:a   expired  0        none   60         0+40   0+40
        expire    h2     15       app:a   expired  15       15     85         15+0   15+0
        """);

    [Fact]
    public void L10_A_late_settlement_moves_by_the_difference() => PoolSpec.Run(
        """
                  id   credits  answer   charged  event  available  month  row
        grant          100
        reserve   h1   30       held                     70         0+30
        expire    h1   10       expired  10       10     90         10+0   -30+10
        settle    h1   25       late     25       15     75         25+0   0+15
        reserve   h2   30       held                     45         25+30
        expire    h2   20       expired  20       20     55         45+0   -30+20
        settle    h2   5        late     5        -15    70         30+0   0-15
        reserve   h3   30       held                     40         30+30
        expire    h3            expired  0        none   70         30+0   -30+0
        settle    h3   40       late     40       40     30         70+0   0+40
        """);

    [Fact]
    public void L10_A_late_settlement_gives_back_no_more_than_a_correction_has_left() => PoolSpec.Run(
        """
                  id   credits  who  answer   charged  available  used  month
        grant          100
        reserve   h1   30       ann  held                                0+30
        expire    h1   20       ann  expired  20       80         20    20+0
        adjust         -15      ann                    95         5     5+0
        settle    h1   4        ann  late     15       100        0     0+0
        """);

    [Fact]
    public void An_adjustment_corrects_the_pool_and_the_actors_month() => PoolSpec.Run(
        """
                  id   credits  who  answer   available  used  month
        grant          100                    100        0
        reserve   h1   30       ann  held     70         0     0+30
        settle    h1   30       ann  settled  70         30    30+0
        adjust         -10      ann           80         20    20+0
        adjust         5        bob           75         25    5+0
        """);

    [Fact]
    public void L19_A_correction_of_more_than_was_charged_is_refused()
    {
        var may = new Period(202605);
        var ann = new Tenancy.UserId("ann");
        var state = PoolState.Empty with { Settled = 50 };
        state = state with { ScopesSettled = state.ScopesSettled.Add(Scope.Of(ann, may), new ScopeTotals(10, null)) };

        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Adjust(state, "k", -51, null, new DateOnly(2026, 5, 1), "too much"));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Adjust(state, "k", -11, ann, new DateOnly(2026, 5, 1), "too much for her"));
        Assert.Equal(40, CreditPool.Adjust(state, "k", -10, ann, new DateOnly(2026, 5, 1), "all of hers").State.Settled);
    }

    [Fact]
    public void L19_Nonsense_is_refused_before_it_counts()
    {
        var day = new DateOnly(2026, 5, 1);
        var request = new ReserveRequest(
            PoolSpec.IdOf("h1"), new Tenancy.UserId("ann"), "everyday", -1, null, false, new Operation("ai", "m", "p", "{}"));
        var hold = new Hold(request.Hold, request.Actor, null, false, 5, day, null, Gates.None, request.Operation);

        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Reserve(PoolState.Empty, request, null, day));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Reserve(PoolState.Empty, request with { Byok = true }, null, day));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Grant(PoolState.Empty, "k", 0, day, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Grant(PoolState.Empty, "k", -1, day, ""));
        Assert.Throws<OverflowException>(() => CreditPool.Grant(PoolState.Empty with { Granted = long.MaxValue }, "k", 1, day, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Settle(
            PoolState.Empty, hold, new Settlement(hold.Id, -1, TokenUsage.None, null, false, "stop")));
    }

    [Fact]
    public void L19_A_late_settlement_below_zero_is_refused()
    {
        var hold = new Hold(
            PoolSpec.IdOf("h1"), new Tenancy.UserId("ann"), null, false, 5, new DateOnly(2026, 5, 1), null, Gates.None, new Operation("ai", "m", "p", "{}"));
        var expired = new Resolution(hold.Id, ResolutionKind.Expired, 3, true, hold);

        Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.SettleLate(
            PoolState.Empty with { Settled = 3 }, expired, new Settlement(hold.Id, -1, TokenUsage.None, null, false, "stop")));
    }

    [Fact]
    public void A_hold_records_the_gates_that_it_passed()
    {
        var day = new DateOnly(2026, 5, 1);
        var ann = new Tenancy.UserId("ann");
        var state = PoolState.Empty with { Granted = 10 };
        state = state with { ScopesSettled = state.ScopesSettled.Add(Scope.Of(ann, new Period(202605)), new ScopeTotals(0, null)) };
        var request = new ReserveRequest(PoolSpec.IdOf("h1"), ann, "everyday", 5, null, false, new Operation("ai", "m", "p", "{}"));

        var paid = CreditPool.Reserve(state, request, 7, day).State.Holds[request.Hold];
        var own = CreditPool.Reserve(state, request with { Byok = true }, 7, day).State.Holds[request.Hold];

        Assert.Equal(Gates.Entitlement | Gates.Tier | Gates.Cap | Gates.Entity | Gates.Pool, paid.Gates);
        Assert.Equal((5, 7, day), (paid.Amount, paid.Cap, paid.Day));
        Assert.Equal(Gates.Entitlement | Gates.Tier, own.Gates);
        Assert.Equal(0, own.Amount);
    }

    [Fact]
    public void The_event_names_the_model_that_answered_and_keeps_the_providers_report()
    {
        var hold = new Hold(
            PoolSpec.IdOf("h1"), new Tenancy.UserId("ann"), null, false, 5, new DateOnly(2026, 5, 1), null, Gates.None, new Operation("ai", "asked", "p", "{}"));
        var state = PoolState.Empty.WithHold(hold) with { Seq = 7 };

        var used = CreditPool.Settle(state, hold, new Settlement(hold.Id, 3, new TokenUsage(1, 2), "{\"x\":1}", true, "length", "answered")).Event!;

        Assert.Equal((8, "answered", "{\"x\":1}", 3, true, "length"), (used.Seq, used.ModelId, used.RawUsage, used.Charged, used.Estimated, used.FinishReason));
        Assert.Equal("asked", used.Hold.Operation.ModelId);
        Assert.Equal(new TokenUsage(1, 2), used.Usage);
    }

    [Fact]
    public void The_slush_of_any_pool_fits_in_64_bits()
    {
        var state = PoolState.Empty with { Granted = long.MaxValue / 4, Policy = new PoolPolicy(SlushPermille: 1_000) };

        Assert.Equal(long.MaxValue / 4, state.Slush);
        Assert.Equal(long.MaxValue / 4 * 2, state.Available);
    }
}
