using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Isolation;

namespace Informer.Ai.Statuses;

/// <summary>Requests that are made to see how a route answers.</summary>
internal static class Provocation
{
    /// <summary>The chapter that a route belongs to.</summary>
    public static string ChapterOf(ApiRoute route) => route.Path.Split('/')[2] switch
    {
        _ when route.Path.Contains("/memories", StringComparison.Ordinal) => "memories",
        _ when route.Streams => "streaming",
        "models" or "chat-models" or "providers" => "models",
        var other => other,
    };

    /// <summary>Asks for what the route is for; the status of its answer, and the code of an error.</summary>
    public static Task<(int Status, string? Code)> Ask(HttpClient client, ApiRoute route, Things things) =>
        Send(client, route, things.Path(route), things.Body(route));

    public static Task<(int Status, string? Code)> Send(
        HttpClient client, ApiRoute route, string path, JsonNode? body, params (string Name, string Value)[] headers) =>
        Send(client, route, path, body?.ToJsonString(), headers: headers);

    public static async Task<(int Status, string? Code)> Send(
        HttpClient client, ApiRoute route, string path, string? body, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var status = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode)
        {
            var error = await answer.Json();
            return (status, error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString() : null);
        }

        // To its end, but for the one that joins an answer that does not end.
        if (!route.Path.EndsWith("/_stream", StringComparison.Ordinal))
        {
            await answer.Content.ReadAsByteArrayAsync();
        }

        return (status, null);
    }
}
