using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Informer.Ai.Simulator.Serving;

/// <summary>
/// The log over HTTP, for tests in another process: <c>GET /_log?since=ID</c>, <c>DELETE /_log</c>, and
/// <c>GET /_log/wait?since=ID&amp;outcome=cut&amp;path=…&amp;fault=…&amp;timeout=MS</c>, which answers with the first
/// request that fits or with 204 when the time is over.
/// </summary>
internal static class LogEndpoints
{
    private const int UsualTimeoutMilliseconds = 30_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void MapLog(this IEndpointRouteBuilder routes, SimulatorLog log, TimeProvider time, CancellationToken stopping)
    {
        routes.MapGet("/_log", (HttpContext http) =>
            http.Response.WriteAsJsonAsync(log.Entries(Number(http, "since", 0)), Json, http.RequestAborted));
        routes.MapDelete("/_log", (HttpContext http) =>
        {
            log.Clear();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        routes.MapGet("/_log/wait", (HttpContext http) => WaitAsync(http, log, time, stopping));
    }

    private static async Task WaitAsync(HttpContext http, SimulatorLog log, TimeProvider time, CancellationToken stopping)
    {
        var patience = TimeSpan.FromMilliseconds(Number(http, "timeout", UsualTimeoutMilliseconds));
        using var timeout = new CancellationTokenSource(patience, time);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted, stopping);
        var since = Number(http, "since", 0);
        try
        {
            var found = await log.WaitAsync(
                request => request.Id > since
                    && Fits(http, "outcome", request.Outcome.ToString())
                    && Fits(http, "path", request.Path)
                    && Fits(http, "fault", request.Fault),
                given.Token);
            await http.Response.WriteAsJsonAsync(found, Json, http.RequestAborted);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private static bool Fits(HttpContext http, string key, string? value) =>
        http.Request.Query[key] is not [{ } wanted] || wanted.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static long Number(HttpContext http, string key, long otherwise) =>
        long.TryParse(http.Request.Query[key], out var number) ? number : otherwise;
}
