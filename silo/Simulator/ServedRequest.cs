namespace Informer.Ai.Simulator;

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>Everything was sent.</summary>
    Completed,

    /// <summary>The client went away first.</summary>
    Cut,

    /// <summary>A fault was carried out to its end, or the simulator stopped.</summary>
    Faulted,

    /// <summary>The request was answered with an error that nobody asked for, such as an unknown model.</summary>
    Refused,
}

/// <summary>What the log knows of one request, at the moment it was looked at. Prompts and answers are not in it.</summary>
public sealed record ServedRequest
{
    /// <summary>Counts up from 1.</summary>
    public required long Id { get; init; }

    /// <summary>The part that <c>x-request-id</c> and the <c>id</c> of the answer have in common.</summary>
    public required string ResponseId { get; init; }

    public required string Path { get; init; }

    public string? Model { get; init; }

    public bool Stream { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while no headers have been sent.</summary>
    public TimeSpan? TimeToHeaders { get; init; }

    public int? Status { get; init; }

    public int PromptTokens { get; init; }

    /// <summary>The visible tokens handed to the socket.</summary>
    public long TokensSent { get; init; }

    /// <summary>What an honest usage reports: the visible tokens sent, and the reasoning.</summary>
    public long CompletionTokens { get; init; }

    public required RequestOutcome Outcome { get; init; }

    /// <summary>For a cut request, when the cut was noticed; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>The name of the fault, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>The header <c>x-request-id</c>, if the client sent one.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The field <c>user</c>, if the client sent one.</summary>
    public string? User { get; init; }

    /// <summary>The field <c>metadata</c>, if the client sent one.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The directive's <c>mark</c>, if it had one.</summary>
    public string? Mark { get; init; }
}
