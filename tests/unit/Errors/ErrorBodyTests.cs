using System.Net;
using System.Text;
using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Gateway;
using Microsoft.AspNetCore.Builder;

namespace Informer.Ai.Errors;

/// <summary>Every error is the contract's JSON, whatever way it comes about.</summary>
public class ErrorBodyTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Hello = """{ "message": { "id": "u1", "role": "user", "parts": [{ "type": "text", "text": "hi" }] } }""";

    private static readonly string Path = $"/api/chats/{GatewayHost.ChatId}";

    [Theory]
    [InlineData("""{ "message": """, "application/json", 400, "MALFORMED_JSON", "not valid JSON (line 1")]
    [InlineData("", "application/json", 400, "MALFORMED_JSON", "needs a JSON body")]
    [InlineData("[]", "application/json", 400, "MALFORMED_JSON", "must be a JSON object")]
    [InlineData("""{ "a": "\ud800" }""", "application/json", 400, "MALFORMED_JSON", "surrogate")]
    [InlineData("{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE", "application/json")]
    [InlineData("{}", "application/json", 400, "INVALID", "Send message")]
    public async Task A_bad_body_is_named(string body, string type, int status, string code, string message)
    {
        var host = shared.Host;

        using var response = await host.Http.PostAsync(Path, new StringContent(body, Encoding.UTF8, type));

        await Is(response, status, code, message);
    }

    [Fact]
    public async Task Broken_utf8_is_named()
    {
        var host = shared.Host;
        using var content = new ByteArrayContent([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        using var response = await host.Http.PostAsync(Path, content);

        await Is(response, 400, "MALFORMED_JSON", "UTF-8");
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task Json_may_nest_64_deep(int depth, bool fits)
    {
        var host = shared.Host;
        var body = "{\"x\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";

        using var response = await host.Post(Path, body);

        await Is(response, 400, fits ? "INVALID" : "MALFORMED_JSON", fits ? "Send message" : "deeper than 64");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_4_MiB_gets_a_readable_413(bool chunked)
    {
        var host = shared.Host;
        var bytes = Encoding.UTF8.GetBytes("{\"x\":\"" + new string('x', 6 * 1024 * 1024) + "\"}");
        using HttpContent content = chunked ? new StreamContent(new Unseekable(bytes)) : new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");

        using var response = await host.Http.PostAsync(Path, content);

        await Is(response, 413, "BODY_TOO_LARGE", "4194304 bytes");
    }

    [Fact]
    public async Task An_unknown_route_and_a_wrong_method_are_json()
    {
        var host = shared.Host;

        await Is(await host.Http.GetAsync("/api/nothing"), 404, "NOT_FOUND", "nothing at this address");
        await Is(await host.Http.DeleteAsync("/api/models"), 405, "METHOD_NOT_ALLOWED", "method");
        await Is(await host.Http.GetAsync("/api/chats?limit=ten"), 400, "INVALID", "limit must be a whole number from 0 to 200");
        await Is(await host.Http.GetAsync("/api/chats?pinned=maybe"), 400, "INVALID", "malformed");
    }

    public static TheoryData<Exception, int, string?> Failures => new()
    {
        { new LedgerUnavailableException(), 503, "LEDGER_UNAVAILABLE" },
        { new TimeoutException("secret"), 503, "UNAVAILABLE" },
        { new OrleansException("secret"), 503, "UNAVAILABLE" },
        { new StoreException("secret"), 503, "UNAVAILABLE" },
        { new OperationCanceledException("secret"), 503, "UNAVAILABLE" },
        { new InvalidOperationException("secret"), 500, null },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task A_failure_tells_nothing_but_what_to_do(Exception failure, int status, string? code)
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Fails = failure;

        using var response = await host.Post(Path, Hello);

        var body = await Is(response, status, code, "");
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(status == 503 ? TimeSpan.FromSeconds(1) : null, response.Headers.RetryAfter?.Delta);
        Assert.Equal(status == 500, body.TryGetProperty("requestId", out var id));
        if (status == 500)
        {
            Assert.Equal(Assert.Single(response.Headers.GetValues("x-request-id")), id.GetString());
        }
    }

    [Fact]
    public async Task A_failure_of_authentication_is_json_too()
    {
        await using var host = await GatewayHost.Start();
        host.Tenant.Fails = new TimeoutException();

        await Is(await host.Http.GetAsync("/api/models"), 503, "UNAVAILABLE", "");
    }

    public static TheoryData<RunAnswer, int, string, string> Answers => new()
    {
        { new TurnInProgress(default), 409, "TURN_IN_PROGRESS", "answering already" },
        { new TurnNotFound("chat"), 404, "NOT_FOUND", "no such resource" },
        { new TurnNotFound("model"), 400, "MODEL_NOT_FOUND", "no such model" },
        { new TurnNotFound("message"), 404, "NOT_FOUND", "no such resource" },
        { new ModelLacksCapability("chat"), 400, "MODEL_CAPABILITY", "chat" },
        { new TurnInvalid("messages[0].parts", "No such call."), 400, "INVALID", "No such call." },
        { new TurnOverloaded(), 503, "OVERLOADED", "credit ledger" },
        { new TurnDraining(), 503, "DRAINING", "stopping" },
    };

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task A_turn_that_is_not_started_says_why(RunAnswer answer, int status, string code, string message)
    {
        var host = shared.Host;
        host.Chat.Answer = _ => answer;

        using var response = await host.Post(Path, Hello);

        await Is(response, status, code, message);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
        Assert.False(host.Chat.Disconnected.Task.IsCompleted);
    }

    [Fact]
    public async Task A_model_that_the_route_names_is_404_when_it_is_not_there()
    {
        var host = shared.Host;
        host.Chat.Answer = _ => new TurnNotFound("model");

        await Is(await host.Post("/api/models/none/_completion", """{ "prompt": "hi" }"""), 404, "NOT_FOUND", "");
    }

    [Fact]
    public async Task An_error_after_the_handler_has_set_headers_still_has_its_request_id()
    {
        await using var host = await GatewayHost.Start(more: app => app.MapGet("/broken", context =>
        {
            context.Response.Headers["x-other"] = "1";
            throw new InvalidOperationException();
        }));

        using var response = await host.Http.GetAsync("/broken");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    private static async Task<JsonElement> Is(HttpResponseMessage response, int status, string? code, string message)
    {
        var body = await GatewayHost.Body(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, body.GetProperty("statusCode").GetInt32());
        Assert.NotEmpty(body.GetProperty("error").GetString()!);
        Assert.Equal(code, body.TryGetProperty("code", out var given) ? given.GetString() : null);
        Assert.Contains(message, body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(response.Headers.GetValues("x-request-id"));
        return body;
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private sealed class StoreException(string message) : System.Data.Common.DbException(message);
}
