using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>What a random command does; which of its numbers it uses depends on the kind.</summary>
internal enum CommandKind
{
    Reserve,
    Byok,
    Extend,
    Settle,
    Void,
    Expire,
    ExpireSilently,
    Grant,
    Adjust,
    NextMonth,
    LastMonth,
}

/// <summary>One random command.</summary>
internal sealed record PoolCommand(CommandKind Kind, int Hold, long Amount, int Who, int Entity);

/// <summary>The rules under which a random history runs. A null limit is none.</summary>
internal sealed record PoolRules(int SlushPermille, long? OverageRate, long?[] Caps, long?[] Budgets);

/// <summary>Runs one history on <see cref="CreditPool"/> and on <see cref="PoolModel"/>, and compares them after each command.</summary>
internal sealed class PoolHistory
{
    private readonly PoolModel _model;
    private readonly PoolRules _rules;
    private readonly Dictionary<int, Resolution> _resolved = [];
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<int> _taken = [];
    private readonly Action<string> _reached;
    private PoolState _state;
    private int _month = 202611;

    private PoolHistory(PoolRules rules, Action<string> reached)
    {
        _rules = rules;
        _reached = reached;
        _model = new PoolModel(rules.SlushPermille, rules.OverageRate / 1_000_000m, rules.Caps, rules.Budgets);
        _state = PoolState.Empty with
        {
            Policy = new PoolPolicy(rules.SlushPermille, rules.OverageRate is not null, rules.OverageRate ?? 1_000_000),
        };
        Load();
    }

    private DateOnly Day => new(_month / 100, _month % 100, 28);

    /// <param name="reached">Hears of each state that was reached.</param>
    public static void Run(PoolRules rules, IEnumerable<PoolCommand> commands, Action<string> reached)
    {
        var history = new PoolHistory(rules, reached);
        foreach (var command in commands)
        {
            history.Do(history.Aimed(command));
            history.Compare();
        }
    }

    private static HoldId Id(int hold) => new(new Guid(hold + 1, 0, 0, new byte[8]));

    private static UserId User(int who) => new($"user{who}");

    private static EntityRef? Entity(int entity) => entity < 2 ? new EntityRef("app", $"{entity}") : null;

    // What resolves or extends picks one of the holds that were taken, mostly one that is open.
    private PoolCommand Aimed(PoolCommand command)
    {
        var among = command.Amount % 4 == 0 ? _taken : _taken.FindAll(_model.IsOpen);
        return command.Kind is CommandKind.Reserve or CommandKind.Byok || among.Count == 0
            ? command
            : command with { Hold = among[command.Hold % among.Count] };
    }

    private void Do(PoolCommand command)
    {
        switch (command.Kind)
        {
            case CommandKind.Reserve or CommandKind.Byok:
                Reserve(command);
                break;
            case CommandKind.Extend:
                var extended = CreditPool.Extend(_state, Id(command.Hold), command.Amount);
                Keep(extended);
                Agree(_model.Extend(command.Hold, command.Amount), extended.Answer.Outcome switch
                {
                    ExtendOutcome.Held => "held",
                    ExtendOutcome.NotOpen => "not-open",
                    _ => CodeNames.Of(extended.Answer.Code!.Value),
                });
                break;
            case CommandKind.Settle when _model.IsOpen(command.Hold):
                End(command, CreditPool.Settle(_state, Open(command), Settlement(command)), "settled", command.Amount);
                break;
            case CommandKind.Settle when _model.EndOf(command.Hold) == "expired":
                var late = CreditPool.SettleLate(_state, _resolved[command.Hold], Settlement(command));
                Keep(late);
                _resolved[command.Hold] = late.Answer;
                Agree(_model.Late(command.Hold, command.Amount), late.Answer.Charged);
                _reached("late");
                break;
            case CommandKind.Void when _model.IsOpen(command.Hold):
                End(command, CreditPool.Void(_state, Open(command)), "voided", null);
                break;
            case CommandKind.Expire when _model.IsOpen(command.Hold):
                var evidence = new Evidence(Id(command.Hold), TimeSpan.Zero, command.Amount, TokenUsage.None);
                End(command, CreditPool.Expire(_state, Open(command), evidence), "expired", command.Amount);
                break;
            case CommandKind.ExpireSilently when _model.IsOpen(command.Hold):
                End(command, CreditPool.Expire(_state, Open(command), null), "expired", null);
                break;
            case CommandKind.Grant:
                Keep(CreditPool.Grant(_state, "key", command.Amount + 1, Day, ""));
                _model.Grant(command.Amount + 1);
                break;
            case CommandKind.Adjust:
                Adjust(command.Amount - 25, command.Who);
                break;
            case CommandKind.LastMonth:
                _month = _month % 100 == 1 ? _month - 89 : _month - 1;
                Load();
                break;
            case CommandKind.NextMonth:
                _month = _month % 100 == 12 ? _month + 89 : _month + 1;
                Load();
                break;
            default:
                // A resolution of what is not open: the grain answers with the first one.
                _reached("twice");
                break;
        }
    }

    private void Reserve(PoolCommand command)
    {
        if (_resolved.ContainsKey(command.Hold))
        {
            return;
        }

        int? entity = command.Entity < 2 ? command.Entity : null;
        var expected = _model.Reserve(command.Hold, command.Who, entity, _month, command.Amount, command.Kind == CommandKind.Byok);
        var request = new ReserveRequest(
            Id(command.Hold), User(command.Who), "everyday", command.Amount, Entity(command.Entity), command.Kind == CommandKind.Byok, new Operation("ai", "m", "p", "{}"));
        var step = CreditPool.Reserve(_state, request, _rules.Caps[command.Who], Day);
        Keep(step);
        if (step.Answer.Refusal is not { } refusal)
        {
            _taken.Add(command.Hold);
            Agree(expected, "held");
            return;
        }

        Agree(expected, CodeNames.Of(refusal.Code) + (refusal.Retryable ? " later" : ""));
        _reached(expected);
        var numbers = _model.Numbers(command.Who, refusal.Code == RefusalCode.EntityBudget ? entity : null, _month);
        Agree(numbers, (refusal.ProfileRemaining, refusal.PoolRemaining, refusal.Held, refusal.EntityRemaining));
        Agree(_model.Most(command.Amount), refusal.Required);
    }

    private void Adjust(long amount, int who)
    {
        if (_model.Adjust(amount, who, _month))
        {
            Keep(CreditPool.Adjust(_state, "key", amount, User(who), Day, ""));
        }
        else
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => CreditPool.Adjust(_state, "key", amount, User(who), Day, ""));
            _reached("adjustment refused");
        }
    }

    private void End(PoolCommand command, PoolStep<Resolution> step, string how, long? cost)
    {
        if (step.Answer.Charged > Open(command).Amount)
        {
            _reached("overrun");
        }

        Keep(step);
        _resolved[command.Hold] = step.Answer;
        Agree(_model.End(command.Hold, how, cost), step.Answer.Charged);
        _reached(how);
    }

    private void Keep<T>(PoolStep<T> step)
    {
        if (step.Entry is { } entry)
        {
            _entries.Add(entry);
            Agree(_entries.Count, entry.Seq, "L21");
            Agree(entry.Settled, step.Event?.Charged ?? (entry.Kind is EntryKind.Settle or EntryKind.LateSettle ? -1 : entry.Settled), "event");
        }
        else
        {
            Assert.Same(_state, step.State);
        }

        _state = step.State;
    }

    private void Compare()
    {
        Agree(_model.Rows, _state.Seq, "L21");
        Agree((_model.Granted, _model.Held, _model.Used), (_state.Granted, _state.Held, _state.Settled), "L1");
        Agree(
            (_state.Granted, _state.Held, _state.Settled),
            (_entries.Sum(entry => entry.Granted), _entries.Sum(entry => entry.Held), _entries.Sum(entry => entry.Settled)),
            "L1 ledger");
        Agree(_state.Granted + _state.Slush, _state.Available + _state.Held + _state.Settled, "L1 available");
        Agree(_state.Holds.Values.Sum(hold => hold.Amount), _state.Held, "L1 held = open holds");
        Agree(_model.OpenHolds, _state.Holds.Count, "open holds");
        Assert.False(_model.Overspent, "L2");
        foreach (var (scope, totals) in _state.ScopesSettled)
        {
            var (index, month) = (scope.Key[^1] - '0', scope.Period.Month);
            Agree(
                scope.Kind == ScopeKind.Actor
                    ? (_model.UsedBy(index, month), _model.HeldBy(index, month))
                    : (_model.UsedFor(index, month), _model.HeldFor(index, month)),
                (totals.Settled, _state.HeldOf(scope)),
                $"L1 {scope}");
            var limit = scope.Kind == ScopeKind.Actor ? _rules.Caps[index] : totals.Limit;
            Assert.False(totals.Settled + _state.HeldOf(scope) > limit + _model.NeverHeld, $"L4 {scope}");
        }

        foreach (var scope in _state.ScopesHeld.Keys)
        {
            Assert.True(_state.ScopesSettled.ContainsKey(scope), $"{scope} was never loaded");
        }
    }

    // A month that is there already keeps its sums: the clock may have been set back.
    private void Load()
    {
        for (var i = 0; i < 2; i++)
        {
            Load(Scope.Of(User(i), new Period(_month)), null);
            Load(Scope.Of(Entity(i)!, new Period(_month)), _rules.Budgets[i]);
        }
    }

    private void Load(Scope scope, long? limit)
    {
        if (!_state.ScopesSettled.ContainsKey(scope))
        {
            _state = _state with { ScopesSettled = _state.ScopesSettled.Add(scope, new ScopeTotals(0, limit)) };
        }
    }

    private Hold Open(PoolCommand command) => _state.Holds[Id(command.Hold)];

    private static Settlement Settlement(PoolCommand command) =>
        new(Id(command.Hold), command.Amount, new TokenUsage(1, 1), null, false, "stop");

    private static void Agree<T>(T expected, T actual, string what = "answer") =>
        Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: the model says {expected}, the pool {actual}");
}
