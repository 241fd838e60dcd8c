using System.Diagnostics.Metrics;

namespace Informer.Ai.Credits;

/// <summary>Instruments of the money path; meter <c>Informer.Ai.Credits</c>.</summary>
public sealed class CreditMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Informer.Ai.Credits";

    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _resolutions;
    private readonly Counter<long> _overruns;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _verifications;
    private readonly UpDownCounter<long> _inconsistent;
    private readonly Counter<long> _shed;

    public CreditMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _batch = meter.CreateHistogram<int>("informer.ledger.batch.rows", "{row}", "Ledger rows a commit.");
        _commit = meter.CreateHistogram<double>("informer.ledger.commit.duration", "s", "Time of a ledger commit.");
        _refusals = meter.CreateCounter<long>("informer.credits.refusals", "{refusal}", "Refused holds by code.");
        _resolutions = meter.CreateCounter<long>("informer.credits.resolutions", "{hold}", "Resolved holds by kind.");
        _overruns = meter.CreateCounter<long>("informer.credits.overruns", "{hold}", "Settlements that cost more than was held.");
        _failures = meter.CreateCounter<long>("informer.ledger.failures", "{batch}", "Commits that failed or were fenced off.");
        _verifications = meter.CreateCounter<long>("informer.ledger.verifications", "{verification}", "Verifications of ledgers by result.");
        _inconsistent = meter.CreateUpDownCounter<long>("informer.ledger.inconsistent", "{tenant}", "Tenants here whose last verification failed.");
        _shed = meter.CreateCounter<long>("informer.credits.shed", "{hold}", "New holds turned away because too much waited for the ledger.");
    }

    internal void Shed() => _shed.Add(1);

    internal void Committed(int rows, TimeSpan duration)
    {
        _batch.Record(rows);
        _commit.Record(duration.TotalSeconds);
    }

    internal void CommitFailed(bool fenced) => _failures.Add(1, new KeyValuePair<string, object?>("fenced", fenced));

    internal void Refused(RefusalCode code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));

    internal void Resolved(ResolutionKind kind) => _resolutions.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    internal void Verified(bool passed) =>
        _verifications.Add(1, new KeyValuePair<string, object?>("result", passed ? "passed" : "failed"));

    internal void Inconsistent(int more) => _inconsistent.Add(more);

    internal void Overrun() => _overruns.Add(1);
}
