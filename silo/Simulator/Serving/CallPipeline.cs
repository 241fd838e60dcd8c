using System.Text.Json;
using Informer.Ai.Simulator.Directives;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Simulator.Serving;

/// <summary>What every endpoint has around it: a line in the log, the key, the body, and an outcome whatever happens.</summary>
internal sealed class CallPipeline(SimulatorLog log, TimeProvider time, CancellationToken stopping)
{
    private readonly FaultTally _tally = new();

    public RequestDelegate Get(Func<Call, Task> answer) => Serve(answer);

    /// <summary>Reads the JSON body in full before the answer begins: only then is a client that leaves noticed at once.</summary>
    public RequestDelegate Post(Func<Call, JsonElement, Task> answer) => Serve(async call =>
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(call.Http.Request.Body, default, call.Ended);
        }
        catch (JsonException)
        {
            await call.RefuseAsync(400, "invalid_json", "The body of the request is not valid JSON.");
            return;
        }

        using (body)
        {
            if (body.RootElement.ValueKind != JsonValueKind.Object)
            {
                await call.RefuseAsync(400, "invalid_json", "The body of the request is not a JSON object.");
                return;
            }

            try
            {
                await answer(call, body.RootElement);
            }
            catch (InvalidRequestException invalid) when (!call.Http.Response.HasStarted)
            {
                await call.RefuseAsync(400, "invalid_value", invalid.Message, invalid.Param);
            }
        }
    });

    private RequestDelegate Serve(Func<Call, Task> answer) => async http =>
    {
        var exchange = log.Begin(http.Request.Path.Value ?? "", FirstOrNull(http.Request.Headers["x-request-id"]));
        http.Response.Headers["x-request-id"] = "req_" + exchange.ResponseId;
        http.Response.OnStarting(() =>
        {
            exchange.SentHeaders(http.Response.StatusCode);
            return Task.CompletedTask;
        });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var call = new Call(http, exchange, time, _tally, ended.Token);
        try
        {
            await (IsAuthorized(call)
                ? answer(call)
                : call.RefuseAsync(401, "invalid_api_key", "You did not provide an API key: Authorization: Bearer YOUR_KEY."));
            exchange.End(exchange.HasFault ? RequestOutcome.Faulted : RequestOutcome.Completed);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            EndEarly(http, exchange);
        }
        catch (Exception exception)
        {
            exchange.End(RequestOutcome.Faulted, exception.GetType().Name);
            throw;
        }
    };

    private void EndEarly(HttpContext http, Exchange exchange)
    {
        if (stopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            exchange.End(RequestOutcome.Faulted, "server-stopped");
            http.Abort();
            return;
        }

        exchange.End(RequestOutcome.Cut);
    }

    private static bool IsAuthorized(Call call)
    {
        var key = call.Http.Request.Headers.Authorization.ToString();
        return call.IsRedirected || (key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && key.Length > "Bearer ".Length);
    }

    private static string? FirstOrNull(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values[0];
}

/// <summary>A field of a request that no answer can be made of.</summary>
internal sealed class InvalidRequestException(string param, string message) : Exception(message)
{
    public string Param { get; } = param;
}
