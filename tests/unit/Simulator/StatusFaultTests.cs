using System.ClientModel;
using System.Net;
using Informer.Ai.Simulator;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>The faults that come instead of an answer, for every kind of call.</summary>
[Collection(SimulatorCollection.Name)]
public sealed class StatusFaultTests(SimulatorFixture simulator)
{
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task A_status_reaches_the_sdk_as_its_exception(int code)
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(
            () => simulator.Chat.CompleteChatAsync($"#sim fault=status code={code}"));

        Assert.Equal(code, failure.Status);
        Assert.Contains("The simulator was asked for status", failure.Message);
    }

    [Fact]
    public async Task A_429_says_when_to_come_back()
    {
        using var response = await simulator.AskAsync("#sim fault=status code=429 retry-after=7");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_fault_for_some_times_ends_for_the_same_text_only()
    {
        var text = "Try again #sim fault=status code=503 times=2";
        var statuses = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var response = await simulator.AskAsync(text);
            statuses.Add(response.StatusCode);
        }

        using var other = await simulator.AskAsync("And another " + text);
        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], statuses);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, other.StatusCode);
    }

    [Fact]
    public async Task A_redirect_that_is_followed_is_in_the_log()
    {
        var since = simulator.Server.Log.LastId;
        using var response = await simulator.AskAsync("#sim fault=redirect");
        using var follower = new HttpClient();
        using var followed = await follower.PostAsync(
            new Uri(simulator.Server.BaseAddress, response.Headers.Location!),
            System.Net.Http.Json.JsonContent.Create(SimulatorFixture.Body("#sim fault=redirect")));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
        Assert.Equal(
            ["/v1/chat/completions", "/redirected/v1/chat/completions"],
            simulator.Server.Log.Entries(since).Select(request => request.Path));
    }

    [Fact]
    public async Task The_sdk_does_not_follow_a_redirect()
    {
        var since = simulator.Server.Log.LastId;
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => simulator.Chat.CompleteChatAsync("#sim fault=redirect"));

        Assert.Equal(307, failure.Status);
        Assert.Single(simulator.Server.Log.Entries(since));
    }

    [Theory]
    [InlineData("/embeddings", "sim-embedding", "input")]
    [InlineData("/images/generations", "sim-image", "prompt")]
    public async Task Embeddings_and_images_know_these_faults_too(string path, string model, string field)
    {
        var body = (string text) => new Dictionary<string, string> { ["model"] = model, [field] = text };
        var since = simulator.Server.Log.LastId;
        using var leave = new CancellationTokenSource();

        using var refused = await simulator.PostAsync(path, body("#sim fault=status code=429"));
        using var silent = await simulator.PostAsync(path, body("#sim fault=usage-missing"));
        using var spared = await simulator.PostAsync(path, body("#sim fault=status on=chat"));
        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.PostAsync(path, body("#sim fault=reset-before-headers")));
        var hanging = simulator.PostAsync(path, body("#sim fault=hang-before-headers"), null, leave.Token);
        await simulator.Server.Log.WaitAsync(request => request.Id > since && request.Fault == "hang-before-headers", SimulatorFixture.Patience);
        await leave.CancelAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.DoesNotContain("usage", await silent.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, spared.StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Theory]
    [InlineData("#sim fault=hnag")]
    [InlineData("#sim tokens=many")]
    [InlineData("#sim colour=red")]
    [InlineData("#sim fault=status code=200")]
    public async Task A_directive_with_a_mistake_is_refused(string prompt)
    {
        var since = simulator.Server.Log.LastId;
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => simulator.Chat.CompleteChatAsync(prompt));

        Assert.Equal(400, failure.Status);
        Assert.Equal(RequestOutcome.Refused, (await simulator.EndAsync(since)).Outcome);
    }
}
