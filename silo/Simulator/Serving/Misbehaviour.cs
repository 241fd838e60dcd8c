using System.Globalization;
using Informer.Ai.Simulator.Directives;

namespace Informer.Ai.Simulator.Serving;

/// <summary>The faults that come instead of an answer, the same for every kind of call.</summary>
internal static class Misbehaviour
{
    /// <summary>Carries the fault out if it is one of these; false leaves the call to its answer.</summary>
    public static async Task<bool> ReplacesAnswerAsync(Call call, Directive directive)
    {
        var response = call.Http.Response;
        if (directive.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        switch (directive.Fault)
        {
            case Fault.HangBeforeHeaders:
                await call.HangAsync();
                break;
            case Fault.ResetBeforeHeaders:
                await call.ResetAsync(directive.Fault);
                break;
            case Fault.Status:
                await call.SendJsonAsync(directive.Code, ErrorBody.Of(
                    directive.Code, directive.Error, $"The simulator was asked for status {directive.Code}."));
                break;
            case Fault.ErrorWithOk:
                await call.SendJsonAsync(200, ErrorBody.Of(
                    500, directive.Error, "The simulator was asked for an error under status 200."));
                break;
            case Fault.Redirect:
                response.StatusCode = 307;
                response.Headers.Location = Redirection.Prefix + call.Http.Request.Path.Value;
                break;
            default:
                return false;
        }

        return true;
    }
}

/// <summary>Where <c>fault=redirect</c> sends the client. It answers there, without a key, so that the log shows who followed.</summary>
internal static class Redirection
{
    public const string Prefix = "/redirected";
}
