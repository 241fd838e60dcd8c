namespace Informer.Ai.Simulator.Serving;

/// <summary>
/// One request while it is answered, and its line in the log afterwards. Written by its handler alone; readers
/// take a <see cref="Snapshot"/>, in which the outcome is set last.
/// </summary>
internal sealed class Exchange
{
    private readonly SimulatorLog _log;
    private readonly TimeProvider _time;
    private readonly long _startedTimestamp;
    private readonly DateTimeOffset _startedAt;
    private readonly string _path;
    private readonly string? _clientRequestId;
    private RequestFacts _facts = RequestFacts.Unknown;
    private string? _fault;
    private long _headersTicks = -1;
    private long _tokensSent;
    private int _status;
    private long _endedTicks;
    private int _outcome;

    public Exchange(SimulatorLog log, TimeProvider time, long id, string path, string? clientRequestId)
    {
        _log = log;
        _time = time;
        _startedAt = time.GetUtcNow();
        _startedTimestamp = time.GetTimestamp();
        _path = path;
        _clientRequestId = clientRequestId;
        Id = id;
        ResponseId = Guid.CreateVersion7(_startedAt).ToString("N");
    }

    public long Id { get; }

    public string ResponseId { get; }

    public DateTimeOffset StartedAt => _startedAt;

    public TimeSpan Elapsed => _time.GetElapsedTime(_startedTimestamp);

    public bool HasEnded => Volatile.Read(ref _outcome) != (int)RequestOutcome.Running;

    public bool HasFault => _fault is not null;

    public void Learn(RequestFacts facts, string? fault)
    {
        Volatile.Write(ref _facts, facts);
        Volatile.Write(ref _fault, fault);
        _log.Changed(this);
    }

    public void SentHeaders(int status)
    {
        _status = status;
        Interlocked.CompareExchange(ref _headersTicks, Elapsed.Ticks, -1);
        _log.Changed(this);
    }

    public void SentTokens(int tokens)
    {
        Volatile.Write(ref _tokensSent, _tokensSent + tokens);
        _log.Changed(this);
    }

    /// <summary>The first end counts: a client that leaves after the last byte has not cut anything.</summary>
    public void End(RequestOutcome outcome, string? fault = null)
    {
        if (HasEnded)
        {
            return;
        }

        Volatile.Write(ref _fault, fault ?? _fault);
        Volatile.Write(ref _endedTicks, Elapsed.Ticks);
        Volatile.Write(ref _outcome, (int)outcome);
        _log.Ended(this);
    }

    public ServedRequest Snapshot()
    {
        var outcome = (RequestOutcome)Volatile.Read(ref _outcome);
        TimeSpan? duration = outcome == RequestOutcome.Running ? null : new TimeSpan(Volatile.Read(ref _endedTicks));
        var headers = Volatile.Read(ref _headersTicks);
        var sent = Volatile.Read(ref _tokensSent);
        var facts = Volatile.Read(ref _facts);
        return new ServedRequest
        {
            Id = Id,
            ResponseId = ResponseId,
            Path = _path,
            Model = facts.Model,
            Stream = facts.Stream,
            StartedAt = _startedAt,
            TimeToHeaders = headers < 0 ? null : new TimeSpan(headers),
            Status = headers < 0 ? null : _status,
            PromptTokens = facts.PromptTokens,
            TokensSent = sent,
            CompletionTokens = sent + facts.ReasoningTokens,
            Outcome = outcome,
            EndedAt = _startedAt + duration,
            Duration = duration,
            Fault = Volatile.Read(ref _fault),
            ClientRequestId = _clientRequestId,
            User = facts.User,
            Metadata = facts.Metadata,
            Mark = facts.Mark,
        };
    }
}
