using System.Globalization;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Credits;

/// <summary>
/// Runs a spec on <see cref="CreditPool"/>. Commands: <c>day</c> (id: the date), <c>cap</c> (id: the actor),
/// <c>budget</c> (id: the entity), <c>slush</c> (credits: per mille), <c>payg</c> (credits: the overage rate),
/// <c>grant</c>, <c>adjust</c>, <c>reserve</c>, <c>byok</c>, <c>extend</c>, <c>settle</c>, <c>void</c>,
/// <c>expire</c> (credits: the checkpoint's cost). Columns <c>who</c> and <c>entity</c> say for whom; every
/// other column is compared with the outcome where it is filled in. An answer ends with <c>later</c> when only
/// holds in flight stand in its way.
/// </summary>
internal sealed class PoolSpec
{
    private static readonly string[] Given = ["", "id", "credits", "who", "entity"];

    private readonly Dictionary<string, long?> _caps = [];
    private readonly Dictionary<string, long?> _budgets = [];
    private readonly Dictionary<string, Resolution> _resolved = [];
    private readonly List<LedgerEntry> _entries = [];
    private PoolState _state = PoolState.Empty with { Policy = new PoolPolicy(SlushPermille: 0) };
    private DateOnly _day = new(2026, 5, 17);
    private int _keys;

    public static void Run(string table)
    {
        var spec = new PoolSpec();
        foreach (var row in SpecTable.Rows(table))
        {
            var outcome = spec.Do(row);
            foreach (var (column, expected) in row.Cells.Where(cell => cell.Value != "" && !Given.Contains(cell.Key)))
            {
                var actual = outcome.GetValueOrDefault(column, "nothing");
                Assert.True(expected == actual, $"{row.Line}\n{column}: expected {expected}, got {actual}");
            }

            spec.ThrowUnlessConserved(row.Line);
        }
    }

    public static HoldId IdOf(string name) => new(new Guid(name.Sum(c => c), 0, 0, new byte[8]));

    private static UserId Who(SpecRow row) => new(row["who"] is "" ? "ann" : row["who"]);

    private static EntityRef? EntityOf(SpecRow row) => row["entity"] is { Length: > 0 } name ? Entity(name) : null;

    private static EntityRef Entity(string name) => new(name.Split(':')[0], name.Split(':')[1]);

    private static string Text(long? microCredits) =>
        microCredits is { } amount ? (amount / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture) : "none";

    private Dictionary<string, string> Do(SpecRow row)
    {
        var outcome = new Dictionary<string, string>();
        var credits = row.MicroCredits("credits");
        switch (row.Command)
        {
            case "day":
                _day = DateOnly.Parse(row["id"], CultureInfo.InvariantCulture);
                break;
            case "cap":
                _caps[row["id"]] = credits;
                break;
            case "budget":
                _budgets[row["id"]] = credits;
                _state = _state with
                {
                    ScopesSettled = _state.ScopesSettled.SetItems(_state.ScopesSettled
                        .Where(known => known.Key.Kind == ScopeKind.Entity && known.Key.Key == row["id"])
                        .Select(known => KeyValuePair.Create(known.Key, known.Value with { Limit = credits }))),
                };
                break;
            case "slush":
                _state = _state with { Policy = new PoolPolicy(SlushPermille: (int)(credits!.Value / 1_000_000)) };
                break;
            case "payg":
                _state = _state with { Policy = new PoolPolicy(0, PayAsYouGo: true, OverageRate: credits!.Value) };
                break;
            case "grant":
                Keep(CreditPool.Grant(_state, $"k{_keys++}", credits!.Value, _day, "spec"), outcome);
                break;
            case "adjust":
                Load(Who(row), null, _day);
                Keep(CreditPool.Adjust(_state, $"k{_keys++}", credits!.Value, Who(row), _day, "spec"), outcome);
                break;
            case "reserve" or "byok":
                Reserve(row, credits!.Value, outcome);
                break;
            case "extend":
                Extend(row, credits!.Value, outcome);
                break;
            case "settle":
                Settle(row, credits!.Value, outcome);
                break;
            case "void":
                Resolve(row, CreditPool.Void(_state, Open(row)), outcome);
                break;
            case "expire":
                var evidence = credits is { } cost
                    ? new Evidence(IdOf(row["id"]), TimeSpan.FromMinutes(3), cost, new TokenUsage(10, 5))
                    : null;
                Resolve(row, CreditPool.Expire(_state, Open(row), evidence), outcome);
                break;
            default:
                throw new FormatException($"No such command: {row.Line}");
        }

        var reading = _state.Reading;
        outcome["available"] = Text(_state.Available);
        outcome["held"] = Text(reading.Held);
        outcome["used"] = Text(reading.Used);
        outcome["remaining"] = Text(reading.Remaining);
        outcome["slushUsed"] = Text(reading.SlushUsed);
        outcome["slushActive"] = reading.SlushActive ? "yes" : "no";
        Month(outcome, "month", Who(row), _day);
        Month(outcome, "april", Who(row), new DateOnly(2026, 4, 1));
        if (EntityOf(row) is { } entity)
        {
            var scope = Scope.Of(entity, PeriodOf(_day));
            outcome["entitys"] = $"{Text(_state.ScopesSettled.GetValueOrDefault(scope)?.Settled ?? 0)}+{Text(_state.HeldOf(scope))}";
        }

        return outcome;
    }

    private void Month(Dictionary<string, string> outcome, string column, UserId actor, DateOnly day)
    {
        var scope = Scope.Of(actor, PeriodOf(day));
        outcome[column] = $"{Text(_state.ScopesSettled.GetValueOrDefault(scope)?.Settled ?? 0)}+{Text(_state.HeldOf(scope))}";
    }

    private void Reserve(SpecRow row, long amount, Dictionary<string, string> outcome)
    {
        var (actor, entity) = (Who(row), EntityOf(row));
        Load(actor, entity, _day);
        var request = new ReserveRequest(
            IdOf(row["id"]), actor, "everyday", amount, entity, row.Command == "byok", new Operation("ai", "model", "provider", "{}"));
        var before = _state;
        var step = CreditPool.Reserve(_state, request, _caps.GetValueOrDefault(actor.Value), _day);
        Keep(step, outcome);
        outcome["answer"] = step.Answer.Outcome == ReserveOutcome.Held ? "held" : "?";
        if (step.Answer.Refusal is { } refusal)
        {
            Assert.Same(before, step.State);
            Assert.Null(step.Entry);
            outcome["answer"] = CodeNames.Of(refusal.Code) + (refusal.Retryable ? " later" : "");
            outcome["profile"] = Text(refusal.ProfileRemaining);
            outcome["pool"] = Text(refusal.PoolRemaining);
            outcome["mine"] = Text(refusal.Held);
            outcome["required"] = Text(refusal.Required);
            outcome["left"] = Text(refusal.EntityRemaining);
        }
    }

    private void Extend(SpecRow row, long amount, Dictionary<string, string> outcome)
    {
        var before = _state;
        var step = CreditPool.Extend(_state, IdOf(row["id"]), amount);
        Keep(step, outcome);
        outcome["holds"] = Text(step.Answer.HeldMicroCredits);
        outcome["answer"] = step.Answer.Outcome switch
        {
            ExtendOutcome.Held => "held",
            ExtendOutcome.NotOpen => "not-open",
            ExtendOutcome.Refused => CodeNames.Of(step.Answer.Code!.Value),
            _ => "?",
        };
        if (step.Answer.Outcome != ExtendOutcome.Held)
        {
            Assert.Same(before, step.State);
        }
    }

    private void Settle(SpecRow row, long cost, Dictionary<string, string> outcome)
    {
        var id = IdOf(row["id"]);
        var settlement = new Settlement(id, cost, new TokenUsage(10, 5), null, false, "stop");
        var step = _resolved.TryGetValue(row["id"], out var first)
            ? CreditPool.SettleLate(_state, first, settlement)
            : CreditPool.Settle(_state, Open(row), settlement);
        Resolve(row, step, outcome);
    }

    private void Resolve(SpecRow row, PoolStep<Resolution> step, Dictionary<string, string> outcome)
    {
        Keep(step, outcome);
        _resolved[row["id"]] = step.Answer;
        outcome["charged"] = Text(step.Answer.Charged);
        outcome["event"] = step.Event is { } used ? Text(used.Charged) : "none";
        outcome["answer"] = step.Answer.Kind switch
        {
            ResolutionKind.Settled => "settled",
            ResolutionKind.Voided => "voided",
            ResolutionKind.Expired => "expired",
            ResolutionKind.LateSettled => "late",
            _ => "?",
        };
    }

    private Hold Open(SpecRow row) => _state.Holds[IdOf(row["id"])];

    private void Keep<T>(PoolStep<T> step, Dictionary<string, string> outcome)
    {
        _state = step.State;
        if (step.Entry is { } entry)
        {
            _entries.Add(entry);
        }

        outcome["row"] = step.Entry is { } row ? $"{Text(row.Held)}{(row.Settled < 0 ? "" : "+")}{Text(row.Settled)}" : "none";
    }

    private void Load(UserId actor, EntityRef? entity, DateOnly day)
    {
        Load(Scope.Of(actor, PeriodOf(day)), null);
        if (entity is not null)
        {
            Load(Scope.Of(entity, PeriodOf(day)), _budgets.GetValueOrDefault(Scope.KeyOf(entity)));
        }
    }

    private void Load(Scope scope, long? limit)
    {
        if (!_state.ScopesSettled.ContainsKey(scope))
        {
            _state = _state with { ScopesSettled = _state.ScopesSettled.Add(scope, new ScopeTotals(0, limit)) };
        }
    }

    private void ThrowUnlessConserved(string line)
    {
        Assert.True(_state.Seq == _entries.Count, $"{line}\nL21: seq {_state.Seq} after {_entries.Count} rows");
        Assert.True(_state.Held == _entries.Sum(entry => entry.Held), $"{line}\nL1: held");
        Assert.True(_state.Settled == _entries.Sum(entry => entry.Settled), $"{line}\nL1: settled");
        Assert.True(_state.Granted == _entries.Sum(entry => entry.Granted), $"{line}\nL1: granted");
        Assert.True(_state.Held == _state.Holds.Values.Sum(hold => hold.Amount), $"{line}\nL1: held = open holds");
    }

    private static Period PeriodOf(DateOnly day) => new((day.Year * 100) + day.Month);
}
