using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Informer.Ai;

/// <summary>One event of a UI message stream as a client reads it.</summary>
public sealed record UiEvent(long Id, string Type, JsonElement Data)
{
    /// <summary>A text field of the event.</summary>
    public string? Text(string name) => Data.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>Reads the event streams of the service.</summary>
public static class UiStream
{
    /// <summary>The events of an answer as they arrive.</summary>
    public static async IAsyncEnumerable<UiEvent> Read(
        HttpResponseMessage answer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation))
        {
            var data = JsonDocument.Parse(item.Data).RootElement.Clone();
            yield return new UiEvent(
                long.Parse(item.EventId ?? "0", System.Globalization.CultureInfo.InvariantCulture), data.GetProperty("type").GetString()!, data);
        }
    }

    /// <summary>All events of an answer, and the text that its deltas add up to.</summary>
    public static async Task<(List<UiEvent> Events, string Text)> ReadAll(HttpResponseMessage answer)
    {
        var events = new List<UiEvent>();
        await foreach (var happened in Read(answer))
        {
            events.Add(happened);
        }

        return (events, string.Concat(events.Where(happened => happened.Type == "text-delta").Select(happened => happened.Text("delta"))));
    }
}
