namespace Informer.Ai.Simulator.Directives;

/// <summary>
/// What a prompt asks of the simulator itself: one line <c>#sim key=value key=value …</c> anywhere in the last
/// user message (or in an embedding's input, or an image's prompt), and the same without <c>#sim</c> in the
/// header <c>x-sim</c>. The message wins over the header, key by key. A value is a word, a <c>"quoted text"</c>
/// with the escapes <c>\" \\ \n \r \t</c>, or a JSON object or array. The line ends at its first word that is
/// no <c>key=value</c>.
/// </summary>
internal sealed record Directive
{
    public static readonly Directive None = new();

    /// <summary><c>tokens=N</c>: the answer has exactly N tokens.</summary>
    public long? Tokens { get; init; }

    /// <summary><c>say="text"</c>: the answer is this text.</summary>
    public string? Say { get; init; }

    /// <summary><c>first=MS</c>: the time before the first token.</summary>
    public TimeSpan First { get; init; }

    /// <summary><c>delay=MS</c>: the time between two tokens.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary><c>tool=name</c>: calls this tool when the request offers it.</summary>
    public string? Tool { get; init; }

    /// <summary><c>args={json}</c>: what the tool is called with; left out, something that fits its schema.</summary>
    public string? Args { get; init; }

    /// <summary><c>calls=N</c>: how many results of the tool are asked for before the answer.</summary>
    public int Calls { get; init; } = 1;

    /// <summary><c>reasoning=N</c>: so many reasoning tokens are reported, and count as completion tokens.</summary>
    public int Reasoning { get; init; }

    /// <summary><c>cached=N</c>: so many prompt tokens are reported as cached, even more than there were.</summary>
    public int Cached { get; init; }

    /// <summary><c>fault=name</c>: one of <see cref="Faults.ByName"/>.</summary>
    public Fault Fault { get; init; }

    /// <summary><c>after=N</c>: the tokens sent before a fault in mid-stream.</summary>
    public int After { get; init; } = 3;

    /// <summary><c>times=N</c>: only the first N requests with this very text meet the fault; later ones are well.</summary>
    public int? Times { get; init; }

    /// <summary><c>on=chat,embeddings,images</c>: where the directive applies; left out, everywhere.</summary>
    public string? On { get; init; }

    /// <summary><c>code=NNN</c>: the status of <c>fault=status</c>.</summary>
    public int Code { get; init; } = 500;

    /// <summary><c>error=name</c>: the <c>error.code</c> of an error body instead of the usual one.</summary>
    public string? Error { get; init; }

    /// <summary><c>retry-after=S</c>: the header of that name, in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary><c>size=BYTES</c>: the length of the token of <c>fault=big-token</c>.</summary>
    public int Size { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>mark=text</c>: stands in the log with the request, so that a caller finds its own again.</summary>
    public string? Mark { get; init; }

    /// <summary><c>value=N</c>: the number that <c>fault=usage-huge</c> reports.</summary>
    public long Value { get; init; } = 2_000_000_000;
}
