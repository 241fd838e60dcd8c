using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Informer.Ai.Errors;

public sealed class BadInputTests(ServiceFixture fixture)
{
    private const string Chat = "/api/models/go_everyday/_chat";

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"messages":[]}""", 400)]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", 400)]
    [InlineData("""{"messages":[{"id":"1","role":"system","parts":[{"type":"text","text":"hi"}]}]}""", 400)]
    [InlineData("""{"messages":[{"id":"1","role":"user","parts":[{"type":"image_url","url":"x"}]}]}""", 400)]
    [InlineData("""{"messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]}],"tools":[]}""", 400)]
    [InlineData("""{"messages":[{"id":"1","role":"user","parts":[{"type":"text","text":7}]}]}""", 400)]
    [InlineData("""{"messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]}],"outputSize":"huge"}""", 400)]
    public async Task A_malformed_call_is_a_clear_400(string body, int status)
    {
        var answer = await Refused(() => Post(fixture.Analyst, Chat, body));

        Assert.Equal(status, (int)answer.StatusCode);
        var error = await answer.Json();
        Assert.Equal(status, error.GetProperty("statusCode").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
        Assert.DoesNotContain("System.", error.ToString());
    }

    [Fact]
    public async Task An_unknown_model_is_404()
    {
        var answer = await Refused(() => Post(fixture.Analyst, "/api/models/nobody/_completion", """{"prompt":"hi"}"""));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_model_that_cannot_chat_is_400()
    {
        var answer = await Refused(() => Post(fixture.Analyst, "/api/models/informer-embedding/_completion", """{"prompt":"hi"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("MODEL_CAPABILITY", (await answer.Json()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_tier_that_the_profile_does_not_allow_is_402()
    {
        var answer = await Refused(() => Post(fixture.Analyst, "/api/models/go_strategic/_completion", """{"prompt":"hi"}"""));

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        var error = await answer.Json();
        Assert.Equal("TIER_NOT_ALLOWED", error.GetProperty("code").GetString());
        Assert.Equal("strategic", error.GetProperty("tier").GetString());
        Assert.Equal(["everyday", "advanced"], error.GetProperty("allowedTiers").EnumerateArray().Select(tier => tier.GetString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_ten_megabytes_is_413(bool chunked)
    {
        var text = $$"""{"prompt":"{{new string('x', 10_000_000)}}"}""";

        var answer = await Refused(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/models/go_everyday/_completion")
            {
                Content = new StringContent(text, Encoding.UTF8, "application/json"),
            };
            request.Headers.TransferEncodingChunked = chunked;
            return fixture.Analyst.SendAsync(request);
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("BODY_TOO_LARGE", (await answer.Json()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("inf_0123456789abcdef_nothing")]
    [InlineData("inf_")]
    [InlineData("nonsense")]
    public async Task A_wrong_token_is_401(string? token)
    {
        using var client = fixture.Service.Client();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        var answer = await Refused(() => Post(client, Chat, "{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(401, (await answer.Json()).GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task A_user_without_AI_is_403()
    {
        using var platform = fixture.Service.ClientOf("operator");

        var answer = await Refused(() => Post(platform, Chat, "{}"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("AI_NOT_ENABLED", (await answer.Json()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Another_users_chat_is_the_404_of_a_chat_that_never_was()
    {
        var chat = await fixture.Admin.NewChat();
        var never = Guid.CreateVersion7().ToString("N");

        foreach (var (method, suffix) in new[] { ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", ""), ("GET", "/messages"), ("GET", "/_stream"), ("POST", "/_abort") })
        {
            var theirs = await Refused(() => Send(method, $"/api/chats/{chat}{suffix}"));
            var nobodys = await Refused(() => Send(method, $"/api/chats/{never}{suffix}"));

            Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, nobodys.StatusCode);
            Assert.Equal((await nobodys.Json()).ToString(), (await theirs.Json()).ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await fixture.Admin.GetAsync(new Uri($"/api/chats/{chat}", UriKind.Relative))).StatusCode);
    }

    private Task<HttpResponseMessage> Send(string method, string path) => fixture.Analyst.SendAsync(
        new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "GET" ? null : new StringContent(
                """{"name":"mine","message":{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]}}""", Encoding.UTF8, "application/json"),
        });

    private static Task<HttpResponseMessage> Post(HttpClient client, string path, string body) =>
        client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

    // Whatever was wrong: nothing is charged, nothing held, no provider called, and the process lives.
    private async Task<HttpResponseMessage> Refused(Func<Task<HttpResponseMessage>> call)
    {
        var before = await fixture.Analyst.Used();
        var upstream = fixture.Simulator.Log.LastId;

        var answer = await call();

        Assert.Equal(before, await fixture.Analyst.Used());
        Assert.Equal(0, fixture.Service.Count("SELECT COUNT(*) FROM credit_hold"));
        Assert.Equal(upstream, fixture.Simulator.Log.LastId);
        Assert.True(answer.Headers.Contains("x-request-id"));
        return answer;
    }
}
