using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Informer.Ai.Chats;

/// <summary>How a question reaches the model.</summary>
internal enum Way
{
    /// <summary>Straight to the provider.</summary>
    Direct = 0,

    /// <summary>A direct call through the service.</summary>
    Completion = 1,

    /// <summary>A turn of a chat through the service: what is said is kept.</summary>
    Turn = 2,
}

/// <summary>The same question by each way, through the same client, and the credits of all answers added up.</summary>
internal sealed class Ways(ServiceProcess service, SimulatorProcess simulator) : IDisposable
{
    private readonly HttpClient _http = service.Client();
    private readonly AuthenticationHeaderValue _token = new("Bearer", service.TokenOf("analyst"));
    private readonly Lock _gate = new();
    private decimal _credits;

    /// <summary>What all answers so far have cost by their own account.</summary>
    public decimal Credits
    {
        get
        {
            lock (_gate)
            {
                return _credits;
            }
        }
    }

    /// <summary>Makes ready all that is not measured: a turn gets a chat of its own, so that no history is added to it.</summary>
    public async Task<HttpRequestMessage> Question(Way way, string text) => way switch
    {
        Way.Direct => new HttpRequestMessage(HttpMethod.Post, $"{simulator.Address}/chat/completions")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", SimulatorProcess.Key) },
            Content = JsonContent.Create(new
            {
                model = "sim-everyday",
                messages = new[] { new { role = "user", content = text } },
                max_completion_tokens = 4_096,
                stream = true,
                stream_options = new { include_usage = true },
            }),
        },
        Way.Completion => Post("/api/models/go_everyday/_completion", new { prompt = text }),
        _ => Post($"/api/chats/{await NewChat()}", new { message = new { id = "1", role = "user", parts = new[] { new { type = "text", text } } } }),
    };

    public async Task<Answer> Ask(HttpRequestMessage question)
    {
        var answer = await Answer.To(question, _http);
        lock (_gate)
        {
            _credits += answer.Credits;
        }

        return answer;
    }

    /// <summary>What the caller's budget says was used this month, and the pool's.</summary>
    public async Task<(decimal Month, decimal Pool)> Used()
    {
        var budget = await Read(new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, "/api/ai-budget")));
        return (budget.GetProperty("monthly").GetProperty("creditsUsed").GetDecimal(), budget.GetProperty("pool").GetProperty("used").GetDecimal());
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> NewChat() =>
        (await Read(Post("/api/chats", new { modelId = "go_everyday", name = "Bench" }))).GetProperty("id").GetString()!;

    private HttpRequestMessage Post(string path, object body) =>
        new(HttpMethod.Post, new Uri(service.Address, path)) { Content = JsonContent.Create(body), Headers = { Authorization = _token } };

    private async Task<JsonElement> Read(HttpRequestMessage request)
    {
        request.Headers.Authorization = _token;
        using var answer = await _http.SendAsync(request);
        BrokenException.Unless(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} from {request.RequestUri}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
