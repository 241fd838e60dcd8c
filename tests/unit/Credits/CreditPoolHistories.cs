using System.Collections.Concurrent;
using CsCheck;

namespace Informer.Ai.Credits;

public sealed class CreditPoolHistories(ITestOutputHelper output)
{
    private const int Histories = 100_000;

    private static readonly Gen<PoolCommand> Command = Gen.Select(
        Gen.Frequency(
            (30, Gen.Const(CommandKind.Reserve)),
            (4, Gen.Const(CommandKind.Byok)),
            (14, Gen.Const(CommandKind.Extend)),
            (18, Gen.Const(CommandKind.Settle)),
            (6, Gen.Const(CommandKind.Void)),
            (7, Gen.Const(CommandKind.Expire)),
            (3, Gen.Const(CommandKind.ExpireSilently)),
            (6, Gen.Const(CommandKind.Grant)),
            (4, Gen.Const(CommandKind.Adjust)),
            (3, Gen.Const(CommandKind.NextMonth)),
            (1, Gen.Const(CommandKind.LastMonth))),
        Gen.Int[0, 11],
        Gen.Long[0, 50],
        Gen.Int[0, 1],
        Gen.Int[0, 2],
        (kind, hold, amount, who, entity) => new PoolCommand(kind, hold, amount, who, entity));

    private static readonly Gen<long?> Limit = Gen.Frequency(
        (5, Gen.Const((long?)null)), (1, Gen.Const((long?)0)), (6, Gen.Long[1, 120].Select(limit => (long?)limit)));

    private static readonly Gen<PoolRules> Rules = Gen.Select(
        Gen.Int[0, 2].Select(at => new[] { 0, 20, 333 }[at]),
        Gen.Frequency((3, Gen.Const((long?)null)), (1, Gen.Int[0, 3].Select(at => (long?)new[] { 0, 333_333, 1_000_000, 1_500_000 }[at]))),
        Limit.Array[2],
        Limit.Array[2],
        (slush, rate, caps, budgets) => new PoolRules(slush, rate, caps, budgets));

    [Fact]
    public void L1_L2_L4_L21_Every_history_agrees_with_the_model()
    {
        var reached = new ConcurrentDictionary<string, int>();

        Gen.Select(Rules, Gen.Long[0, 150], Command.Array[6, 32]).Sample(
            (rules, granted, commands) => PoolHistory.Run(
                rules,
                commands.Prepend(new PoolCommand(CommandKind.Grant, 0, granted, 0, 0)),
                state => reached.AddOrUpdate(state, 1, (_, times) => times + 1)),
            iter: Histories,
            print: history => $"{history.Item1} {string.Join(" ", history.Item1.Caps)} / {string.Join(" ", history.Item1.Budgets)}\n"
                + $"granted {history.Item2 + 1}\n{string.Join('\n', history.Item3.Select(command => command.ToString()))}");

        output.WriteLine(string.Join('\n', reached.OrderBy(state => state.Key).Select(state => $"{state.Key}: {state.Value}")));
        Assert.All(
            [
                "CREDIT_LIMIT", "CREDIT_LIMIT later", "ENTITY_BUDGET", "ENTITY_BUDGET later", "POOL_EXHAUSTED", "POOL_EXHAUSTED later",
                "settled", "voided", "expired", "late", "overrun", "twice", "adjustment refused",
            ],
            state => Assert.True(reached.GetValueOrDefault(state) > 100, $"{state} was reached {reached.GetValueOrDefault(state)} times"));
    }
}
