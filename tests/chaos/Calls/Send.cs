namespace Informer.Ai.Calls;

/// <summary>How a request ended, as its client saw it.</summary>
internal enum Ending
{
    /// <summary>A finish event, with what it cost.</summary>
    Finished = 0,

    /// <summary>An abort event.</summary>
    Aborted = 1,

    /// <summary>An error event.</summary>
    Failed = 2,

    /// <summary>402.</summary>
    Refused = 3,

    /// <summary>409: the chat is answering.</summary>
    InProgress = 4,

    /// <summary>502: the provider failed before its first event.</summary>
    ProviderFailed = 5,

    /// <summary>503.</summary>
    Unavailable = 6,

    /// <summary>Any other status.</summary>
    Rejected = 7,

    /// <summary>The client dropped the connection.</summary>
    Left = 8,

    /// <summary>The connection broke.</summary>
    Broken = 9,

    /// <summary>There was nobody to connect to.</summary>
    Unreached = 10,

    /// <summary>204: nothing to join.</summary>
    NothingToJoin = 11,

    /// <summary>It did not end in any bearable time.</summary>
    Stuck = 12,
}

/// <summary>One request of a client and all that it was told.</summary>
/// <param name="joins">It reads an answer that another request asked for.</param>
internal sealed class Send(bool joins)
{
    public bool Joins => joins;

    public Ending Ending { get; set; } = Ending.Stuck;

    public int Status { get; set; }

    /// <summary>The code of an error, or of what limited an answer.</summary>
    public string? Code { get; set; }

    /// <summary>The id that the answer's first event named; its hold has the same.</summary>
    public string? Turn { get; set; }

    /// <summary>Pieces of text that came.</summary>
    public int Pieces { get; set; }

    /// <summary>The number of the last event that came.</summary>
    public long LastEvent { get; set; }

    /// <summary>Credits of the finish event.</summary>
    public decimal? Credits { get; set; }

    public long? InputTokens { get; set; }

    public long? OutputTokens { get; set; }

    /// <summary>It is neither known nor excluded that credits were held for it.</summary>
    public bool MayHold => !joins
        && Ending is not (Ending.Refused or Ending.InProgress or Ending.Unreached or Ending.NothingToJoin)
        && (Ending != Ending.Rejected || Status == 500);

    /// <summary>Its client cannot know what became of it.</summary>
    public bool IsUnknown => Ending is Ending.Broken or Ending.Unreached or Ending.Unavailable;

    public override string ToString() =>
        $"{(joins ? "join" : "send")}: {Ending} {Status} {Code} turn {Turn ?? "-"} pieces {Pieces} credits {Credits}";
}

/// <summary>One operation with all of its requests.</summary>
internal sealed record CallRecord(CallPlan Plan, IReadOnlyList<Send> Sends)
{
    public override string ToString() => $"{Plan.Mark} ({Plan.Route}, {Plan.Model}, {Plan.Entity}, {Plan.Directive}): {string.Join("; ", Sends)}";
}
