using System.Net.Sockets;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Directives;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Simulator.Serving;

/// <summary>One request in its handler's hands: its connection, its line in the log, and the token that ends it.</summary>
internal sealed class Call(HttpContext http, Exchange exchange, TimeProvider time, FaultTally tally, CancellationToken ended)
{
    // A reset throws away what the kernel has not sent yet. This is long enough for the tokens before it to leave.
    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(20);

    public HttpContext Http => http;

    public Exchange Exchange => exchange;

    public Wire Wire { get; } = new(http.Response.BodyWriter, ended);

    /// <summary>Cancelled when the client has gone or the simulator stops.</summary>
    public CancellationToken Ended => ended;

    /// <summary>Whether this is where a followed redirect arrives: there nothing goes wrong a second time.</summary>
    public bool IsRedirected => http.Request.Path.StartsWithSegments(Redirection.Prefix);

    /// <summary>The directive that applies here and now, and the text without it.</summary>
    public DirectiveReading ReadDirective(Surface surface, string text)
    {
        var header = http.Request.Headers["x-sim"].ToString();
        var reading = DirectiveReading.Of(header.Length == 0 ? null : header, text);
        var directive = reading.Directive;
        if (!surface.IsNamedBy(directive.On))
        {
            return reading with { Directive = Directive.None };
        }

        var spent = IsRedirected
            || (directive.Fault != Fault.None
                && directive.Times is { } times
                && tally.IsSpent(Seed.Of(text) + (ulong)surface, times));
        return spent ? reading with { Directive = directive with { Fault = Fault.None } } : reading;
    }

    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, time, ended);

    /// <summary>Waits until this much of the call's own time has passed, so that waits do not add up their lateness.</summary>
    public Task UntilAsync(TimeSpan elapsed)
    {
        var left = elapsed - exchange.Elapsed;
        return left > TimeSpan.Zero ? Task.Delay(left, time, ended) : Task.CompletedTask;
    }

    public Task PauseAsync(TimeSpan pause) => pause > TimeSpan.Zero ? Task.Delay(pause, time, ended) : Task.CompletedTask;

    /// <summary>Ends the connection with a TCP reset instead of a farewell.</summary>
    public async Task ResetAsync(Fault fault)
    {
        await PauseAsync(BeforeReset);
        exchange.End(RequestOutcome.Faulted, Faults.Name(fault));
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        http.Abort();
    }

    public async Task SendJsonAsync(int status, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json, ended);
    }

    public async Task RefuseAsync(int status, string code, string message, string? param = null)
    {
        await SendJsonAsync(status, ErrorBody.Of(status, code, message, param));
        exchange.End(RequestOutcome.Refused);
    }
}
