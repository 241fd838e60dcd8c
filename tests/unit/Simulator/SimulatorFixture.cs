using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Informer.Ai.Simulator;
using OpenAI;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>A running simulator, with the real SDK and a bare HTTP client pointed at it.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    // By default a client that lets go of half an answer reads on for two seconds, to keep the connection.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ResponseDrainTimeout = TimeSpan.Zero,
    });

    public SimulatorServer Server { get; private set; } = null!;

    public OpenAIClient Sdk { get; private set; } = null!;

    public ChatClient Chat => Sdk.GetChatClient("sim-everyday");

    /// <summary>Ends a test that hangs by mistake.</summary>
    public static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public async ValueTask InitializeAsync()
    {
        Server = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System, Patience);
        Sdk = new OpenAIClient(new ApiKeyCredential("any"), new OpenAIClientOptions
        {
            Endpoint = Server.BaseAddress,
            RetryPolicy = new ClientRetryPolicy(0),
        });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Sends a body as it is and comes back with the headers.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, object body, string? sim = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Server.BaseAddress + path) { Content = JsonContent.Create(body) };
        if (sim is not null)
        {
            request.Headers.Add("x-sim", sim);
        }

        return await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken == default ? Patience : cancellationToken);
    }

    public Task<HttpResponseMessage> AskAsync(string text, bool stream = true, string? sim = null, CancellationToken cancellationToken = default) =>
        PostAsync("/chat/completions", Body(text, stream), sim, cancellationToken);

    /// <summary>The events of a whole stream, without the word <c>data:</c>.</summary>
    public async Task<string[]> EventsAsync(string text, string? sim = null)
    {
        using var response = await AskAsync(text, sim: sim);
        return Events(await response.Content.ReadAsStringAsync(Patience));
    }

    /// <summary>A whole answer with its headers and the lengths of its chunks, as the socket gave it.</summary>
    public async Task<string> WireAsync(string text)
    {
        var body = JsonSerializer.Serialize(Body(text));
        using var client = new TcpClient();
        await client.ConnectAsync(Server.BaseAddress.Host, Server.BaseAddress.Port, Patience);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: simulator\r\nAuthorization: Bearer any\r\nConnection: close\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), Patience);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Patience);
    }

    public async Task<string> GetAsync(string path) => await _http.GetStringAsync(new Uri(Server.BaseAddress, path), Patience);

    public Task<HttpResponseMessage> DeleteAsync(string path) => _http.DeleteAsync(new Uri(Server.BaseAddress, path), Patience);

    /// <summary>The next request in the log that ends, counted from <paramref name="since"/>.</summary>
    public Task<ServedRequest> EndAsync(long since) =>
        Server.Log.WaitAsync(request => request.Id > since && request.Outcome != RequestOutcome.Running, Patience);

    public static object Body(string text, bool stream = true) => new
    {
        model = "sim-everyday",
        stream,
        stream_options = stream ? new { include_usage = true } : null,
        messages = new[] { new { role = "user", content = text } },
    };

    public static string[] Events(string body) =>
        [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(one => one["data: ".Length..])];
}

/// <summary>One simulator for all the tests that ask it something; each looks at its own part of the log.</summary>
[CollectionDefinition(Name)]
public sealed class SimulatorCollection : ICollectionFixture<SimulatorFixture>
{
    public const string Name = "simulator";
}
