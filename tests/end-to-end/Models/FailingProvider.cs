using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Informer.Ai.Models;

/// <summary>
/// A provider that fails as it is told, and in each failure says the key back that it was called with, in its head and
/// in its body: what any of it becomes at the service must not show it.
/// </summary>
internal sealed class FailingProvider : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    public FailingProvider(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _serving = Serve();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/v1");

    /// <summary>Connections that were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A request was read that had the key.</summary>
    public bool HeardKey { get; private set; }

    /// <summary>The status line and head lines of the next answers; empty cuts the connection.</summary>
    public string Head { get; set; } = "500 Broken";

    /// <summary>Their body; {key} is the key.</summary>
    public string Body { get; set; } = """{"error":{"message":"Incorrect API key provided: {key}","type":"{key}","code":"{key}"}}""";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        List<Task> answers = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                answers.Add(Answer(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                var (head, length) = await ReadHead(client.GetStream());
                var key = head.Split("Bearer ")[^1].Split("\r\n")[0];
                HeardKey |= key.Length > 0 && key != head;
                await client.GetStream().ReadExactlyAsync(new byte[length], _stop.Token);
                if (Head.Length > 0)
                {
                    var body = Encoding.UTF8.GetBytes(Body.Replace("{key}", key, StringComparison.Ordinal));
                    var answer = $"HTTP/1.1 {Head.Replace("{key}", key, StringComparison.Ordinal)}\r\nx-your-key: {key}\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n";
                    await client.GetStream().WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(answer), .. body], _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The service left first.
            }
        }
    }

    private async Task<(string Head, int Length)> ReadHead(NetworkStream stream)
    {
        List<byte> read = [];
        var one = new byte[1];
        while (!read.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            read.Add(one[0]);
        }

        var head = Encoding.ASCII.GetString([.. read]);
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        return (head, length is null ? 0 : int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
