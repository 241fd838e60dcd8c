using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>One answer on its way: what streams and documents have in common, its limits, its pace and its end.</summary>
internal sealed class Completion(Call call, ChatRequest request, Directive directive, ChatAnswer answer)
{
    // What `slow` takes between two tokens, and `drip` between two bytes, when `delay` says nothing else.
    private static readonly TimeSpan SlowDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DripDelay = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _delay = directive.Fault switch
    {
        Fault.Drip => TimeSpan.Zero,
        Fault.Slow => directive.Delay ?? SlowDelay,
        _ => directive.Delay ?? TimeSpan.Zero,
    };

    // Reasoning is spent before the first visible token, and out of the same limit.
    private readonly long _visibleMax = directive.Fault == Fault.Endless || request.TokensMax is not { } limit
        ? long.MaxValue
        : Math.Max(0, limit - directive.Reasoning);

    private TimeSpan _due;
    private long _next;

    public Call Call => call;

    public ChatRequest Request => request;

    public Directive Directive => directive;

    public string? Tool => answer.Tool;

    public UsageReport Usage { get; } = new(request.PromptTokens, directive);

    public string Id { get; } = "chatcmpl-" + call.Exchange.ResponseId;

    public string CallId { get; } = "call_" + call.Exchange.ResponseId;

    public long VisibleTokens { get; private set; }

    /// <summary>The finish reason, known when <see cref="TakePiece"/> has given its last piece.</summary>
    public string FinishReason { get; private set; } = "stop";

    public TimeSpan DripPause => directive.Delay ?? DripDelay;

    /// <summary>Waits as long as the first token takes.</summary>
    public Task ReachFirstAsync()
    {
        if (directive.First == TimeSpan.Zero && _delay == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        _due = call.Exchange.Elapsed + directive.First;
        return call.UntilAsync(_due);
    }

    /// <summary>Waits until the next token is due; free of charge when there is no delay.</summary>
    public ValueTask ReachNextAsync()
    {
        if (_delay == TimeSpan.Zero)
        {
            return ValueTask.CompletedTask;
        }

        _due += _delay;
        return new ValueTask(call.UntilAsync(_due));
    }

    /// <summary>The next piece, or null at the end of the answer, of its limit, or of the tokens before a fault.</summary>
    public Piece? TakePiece()
    {
        if (_next == answer.Reply.Count)
        {
            FinishReason = directive.Fault switch
            {
                Fault.ContentFilter => "content_filter",
                Fault.Length => "length",
                _ when answer.Tool is not null => "tool_calls",
                _ => "stop",
            };
            return null;
        }

        var piece = answer.Reply[_next];
        if (VisibleTokens + piece.Tokens > _visibleMax)
        {
            FinishReason = "length";
            return null;
        }

        if (directive.Fault is Fault.ContentFilter or Fault.Length && VisibleTokens >= directive.After)
        {
            FinishReason = directive.Fault == Fault.Length ? "length" : "content_filter";
            return null;
        }

        _next++;
        VisibleTokens += piece.Tokens;
        return piece;
    }

    /// <summary>Says that a piece has left.</summary>
    public void Sent(int tokens) => call.Exchange.SentTokens(tokens);

    /// <summary>Whether the fault of mid-stream is due before the next piece.</summary>
    public bool IsFaultDue => directive.Fault != Fault.None && VisibleTokens >= directive.After;
}
