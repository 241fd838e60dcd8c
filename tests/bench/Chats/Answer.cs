using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Informer.Ai.Chats;

/// <summary>A streamed answer as its reader saw it, whoever sent it.</summary>
/// <param name="Tokens">Events with text.</param>
/// <param name="Credits">What the finish event says it has cost; 0 straight from the provider.</param>
internal sealed record Answer(TimeSpan FirstToken, TimeSpan Whole, int Tokens, decimal Credits)
{
    private enum Kind
    {
        Other = 0,
        Token = 1,
        Finish = 2,
        Error = 3,
    }

    /// <summary>Sends a request and reads the answer to its end; both protocols take the same code.</summary>
    public static async Task<Answer> To(HttpRequestMessage request, HttpClient http)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        BrokenException.Unless(
            response.IsSuccessStatusCode, $"{(int)response.StatusCode} from {request.RequestUri}");
        await using var body = await response.Content.ReadAsStreamAsync();
        TimeSpan? first = null;
        var tokens = 0;
        decimal? credits = null;
        await foreach (var item in SseParser.Create(body, static (_, data) => Read(data)).EnumerateAsync())
        {
            switch (item.Data.Kind)
            {
                case Kind.Token:
                    first ??= Stopwatch.GetElapsedTime(started);
                    tokens++;
                    break;
                case Kind.Finish:
                    credits = item.Data.Credits;
                    break;
                case Kind.Error:
                    throw new BrokenException($"An answer of {request.RequestUri} failed.");
                default:
                    break;
            }
        }

        var whole = Stopwatch.GetElapsedTime(started);
        BrokenException.Unless(
            first is not null && credits is not null, $"An answer of {request.RequestUri} ended early, after {tokens} tokens.");
        return new Answer(first!.Value, whole, tokens, credits!.Value);
    }

    private static (Kind Kind, decimal Credits) Read(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("{\"type\":\"text-delta\""u8) || data.IndexOf("\"delta\":{\"content\":\""u8) >= 0)
        {
            return (Kind.Token, 0);
        }

        if (data.StartsWith("{\"type\":\"finish\""u8))
        {
            var json = new Utf8JsonReader(data);
            var metadata = JsonElement.ParseValue(ref json).GetProperty("messageMetadata");
            return (Kind.Finish, metadata.GetProperty("credits").GetDecimal());
        }

        return data.StartsWith("{\"type\":\"error\""u8) ? (Kind.Error, 0)
            : data.SequenceEqual("[DONE]"u8) ? (Kind.Finish, 0)
            : (Kind.Other, 0);
    }
}
