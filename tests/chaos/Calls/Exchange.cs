using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Informer.Ai.Calls;

/// <summary>One request with a token, from its first byte to whatever end it has.</summary>
internal sealed class Exchange(HttpClient http, Uri service, string token)
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HealedWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks, and reads to the end or until the client has had enough.</summary>
    /// <param name="leavesAfter">Leave after this time; null to stay.</param>
    /// <param name="read">Asked after each event; true to leave.</param>
    public async Task<Send> Ask(string path, object body, TimeSpan? leavesAfter, Func<Send, bool> read)
    {
        var send = new Send(joins: false);
        using var request = Request(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body);
        await Run(send, request, leavesAfter, read);
        return send;
    }

    /// <summary>Joins a running answer after an event.</summary>
    public async Task<Send> Join(string path, long after)
    {
        var send = new Send(joins: true);
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Add("Last-Event-ID", after.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Run(send, request, null, _ => false);
        return send;
    }

    /// <summary>A plain request that has to succeed, if not at once: the service may still be coming out of a fault.</summary>
    public async Task<JsonElement> Plain(HttpMethod method, string path, object? body = null)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            using var request = Request(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await http.SendAsync(request);
            if ((int)answer.StatusCode < 500 || TimeProvider.System.GetElapsedTime(started) > HealedWithin)
            {
                answer.EnsureSuccessStatusCode();
                return await answer.Content.ReadFromJsonAsync<JsonElement>();
            }

            await Task.Delay(LookEvery, TimeProvider.System);
        }
    }

    /// <summary>The status of a plain request, and its body if there is one.</summary>
    public async Task<(int Status, string Body)> Try(HttpMethod method, string path)
    {
        using var request = Request(method, path);
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task Run(Send send, HttpRequestMessage request, TimeSpan? leavesAfter, Func<Send, bool> read)
    {
        using var patience = new CancellationTokenSource(leavesAfter ?? Bearable);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            send.Status = (int)answer.StatusCode;
            if (send.Status == 200)
            {
                send.Ending = Ending.Broken;
                await Read(send, answer, read, patience.Token);
            }
            else
            {
                send.Ending = EndingOf(send.Status);
                send.Code = CodeOf(await answer.Content.ReadAsStringAsync(patience.Token));
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            send.Ending = leavesAfter is null ? Ending.Stuck : Ending.Left;
        }
        catch (HttpRequestException failure)
        {
            send.Ending = failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? Ending.Unreached
                : Ending.Broken;
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            send.Ending = Ending.Broken;
        }
    }

    private static async Task Read(Send send, HttpResponseMessage answer, Func<Send, bool> read, CancellationToken cancellation)
    {
        await foreach (var happened in UiStream.Read(answer, cancellation))
        {
            send.LastEvent = Math.Max(send.LastEvent, happened.Id);
            switch (happened.Type)
            {
                case "start":
                    send.Turn = happened.Data.GetProperty("messageMetadata").GetProperty("turnId").GetString();
                    break;
                case "text-delta":
                    send.Pieces++;
                    break;
                case "finish":
                    Finish(send, happened.Data.GetProperty("messageMetadata"));
                    return;
                case "abort":
                    send.Ending = Ending.Aborted;
                    return;
                case "error":
                    send.Ending = Ending.Failed;
                    return;
            }

            if (read(send))
            {
                send.Ending = Ending.Left;
                return;
            }
        }
    }

    private static void Finish(Send send, JsonElement metadata)
    {
        var usage = metadata.GetProperty("usage");
        send.Ending = Ending.Finished;
        send.Credits = metadata.GetProperty("credits").GetDecimal();
        send.InputTokens = usage.GetProperty("inputTokens").GetInt64();
        send.OutputTokens = usage.GetProperty("outputTokens").GetInt64();
        send.Code = metadata.TryGetProperty("limitedBy", out var limit) ? limit.GetString() : null;
    }

    private static Ending EndingOf(int status) => status switch
    {
        204 => Ending.NothingToJoin,
        402 => Ending.Refused,
        409 => Ending.InProgress,
        502 => Ending.ProviderFailed,
        503 => Ending.Unavailable,
        _ => Ending.Rejected,
    };

    private static string? CodeOf(string body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(service, path))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
}
