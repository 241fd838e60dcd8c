using System.Diagnostics;
using System.Net.ServerSentEvents;

namespace Informer.Ai.Chats;

/// <summary>An answer that is read as it comes, a token a second, until its reader leaves.</summary>
internal sealed class OpenStream
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _left = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<long> _arrivals = [];
    private Task _reading = Task.CompletedTask;
    private volatile bool _counting;

    private OpenStream()
    {
    }

    /// <summary>Its first token has come.</summary>
    public Task Begun => _begun.Task;

    /// <summary>How many tokens have come, counted or not.</summary>
    public long Tokens { get; private set; }

    /// <summary>How much later than by the clock of this stream each token came that was counted.</summary>
    public Samples Delays { get; private set; } = new();

    public static async Task<OpenStream> Open(HttpRequestMessage request, HttpClient http)
    {
        var stream = new OpenStream();
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        BrokenException.Unless(response.IsSuccessStatusCode, $"{(int)response.StatusCode} from {request.RequestUri}");
        stream._reading = stream.Read(response);
        return stream;
    }

    /// <summary>Tokens count from here.</summary>
    public void Count() => _counting = true;

    /// <summary>Tokens count no more; their delays are known.</summary>
    public void Pause()
    {
        _counting = false;
        lock (_arrivals)
        {
            var late = _arrivals.Select((at, number) => Stopwatch.GetElapsedTime(_arrivals[0], at) - (number * Pace)).ToList();
            Delays = new Samples();
            late.ForEach(time => Delays.Add(time - late.Min()));
        }
    }

    /// <summary>Closes the connection.</summary>
    public async Task Leave()
    {
        await _left.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        BrokenException.Unless(_reading.IsCanceled, $"A stream ended by itself after {Tokens} tokens: {_reading.Exception?.InnerException?.Message}");
    }

    private async Task Read(HttpResponseMessage response)
    {
        using var read = response;
        await using var body = await response.Content.ReadAsStreamAsync(_left.Token);
        await foreach (var item in SseParser.Create(body, static (_, data) => IsToken(data)).EnumerateAsync(_left.Token))
        {
            if (!item.Data)
            {
                continue;
            }

            Tokens++;
            _begun.TrySetResult();
            if (_counting)
            {
                lock (_arrivals)
                {
                    _arrivals.Add(Stopwatch.GetTimestamp());
                }
            }
        }
    }

    private static bool IsToken(ReadOnlySpan<byte> data) =>
        data.StartsWith("{\"type\":\"text-delta\""u8) || data.IndexOf("\"delta\":{\"content\":\""u8) >= 0;
}
