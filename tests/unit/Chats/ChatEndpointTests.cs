using System.Net;
using Informer.Ai.Credits;
using Informer.Ai.Gateway;

namespace Informer.Ai.Chats;

/// <summary>Chats over HTTP: their shape, what a body may set, and which input a turn is.</summary>
public class ChatEndpointTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string UserMessage = """{"id":"u1","role":"user","parts":[{"type":"text","text":"hi"}]}""";
    private const string ToolMessage =
        """{"id":"a1","role":"assistant","parts":[{"type":"tool-w","toolCallId":"c","state":"output-available","input":{},"output":1}]}""";

    private static readonly string Path = $"/api/chats/{GatewayHost.ChatId}";

    [Fact]
    public async Task A_chat_has_the_contract_s_fields()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Chat = host.Chat.Chat! with { Turn = new TurnRef(new TurnId(GatewayHost.ChatId.Value), Samples.Noon) };

        var body = await host.Http.GetStringAsync(Path);

        Assert.Equal(
            """{"_links":{"self":{"href":"/api/chats/ID"}},"id":"ID","name":"Sales","autoRename":false,"stale":false,"createdAt":"2026-05-23T12:00:00Z","updatedAt":"2026-05-23T12:00:00Z","modelId":"go_everyday","tier":"everyday","ownerAssistantId":null,"primaryAssistantId":null,"assistantIds":[],"datasetIds":[],"libraryIds":[],"instructions":null,"web":false,"helpCenter":false,"magicReport":false,"directory":null,"outputSize":"medium","pinned":false,"entity":null,"turn":{"id":"ID","startedAt":"2026-05-23T12:00:00Z"}}""",
            body.Replace(GatewayHost.ChatId.ToString(), "ID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chat_is_made_with_defaults()
    {
        var host = shared.Host;
        // Any other key is another chat: this one answers for the id that the gateway makes.
        using var response = await host.Post("/api/chats", """{ "modelId": "go_everyday", "id": "mine", "messages": [] }""");
        var body = await GatewayHost.Body(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("everyday", body.GetProperty("tier").GetString());
        Assert.True(body.GetProperty("autoRename").GetBoolean());
        Assert.Equal("medium", body.GetProperty("outputSize").GetString());
        Assert.NotEqual("mine", body.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("{}", "INVALID", "modelId")]
    [InlineData("""{ "modelId": "none" }""", "MODEL_NOT_FOUND", "modelId")]
    [InlineData("""{ "modelId": "embed" }""", "MODEL_CAPABILITY", "modelId")]
    [InlineData("""{ "modelId": "hidden" }""", "MODEL_NOT_FOUND", "modelId")]
    [InlineData("""{ "modelId": "go_everyday", "web": "yes" }""", "INVALID", "web")]
    [InlineData("""{ "modelId": "go_everyday", "outputSize": "huge" }""", "INVALID", "outputSize")]
    [InlineData("""{ "modelId": "go_everyday", "entity": { "type": "table", "id": "1" } }""", "INVALID", "entity")]
    [InlineData("""{ "modelId": "go_everyday", "assistantIds": [1] }""", "INVALID", "assistantIds")]
    [InlineData("""{ "modelId": "go_everyday", "messages": [{ "role": "user", "content": "hi" }] }""", "INVALID", "messages[0].content")]
    public async Task A_wrong_chat_is_refused(string json, string code, string path)
    {
        var host = shared.Host;
        host.Tenant.Models.Add(Samples.Model("hidden", isInternal: true));

        using var response = await host.Post("/api/chats", json);
        var body = await GatewayHost.Body(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.Equal(path, body.GetProperty("validation")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_change_keeps_what_is_absent_and_clears_what_is_null()
    {
        await using var host = await GatewayHost.Start();
        var before = host.Chat.Chat!.Settings with { Directory = "/sales", Instructions = "Be brief." };
        host.Chat.Chat = host.Chat.Chat with { Settings = before };

        using var response = await host.Put(Path, """{ "directory": null, "pinned": true, "entity": { "type": "app", "id": "a" } }""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before with { Directory = null, Pinned = true, Entity = new EntityRef("app", "a") }, host.Chat.Settings);
    }

    [Theory]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("nonsense")]
    public async Task A_chat_that_is_not_the_caller_s_is_404_on_every_route(string id)
    {
        var host = shared.Host;
        var path = $"/api/chats/{id}";
        HttpResponseMessage[] responses =
        [
            await host.Http.GetAsync(path),
            await host.Put(path, "{}"),
            await host.Http.DeleteAsync(path),
            await host.Post(path, $$"""{ "message": {{UserMessage}} }"""),
            await host.Http.GetAsync(path + "/_stream"),
            await host.Post(path + "/_abort", "{}"),
            await host.Http.GetAsync(path + "/messages"),
            await host.Http.GetAsync($"{path}/messages/{id}"),
            await host.Post(path + "/_fork", "{}"),
            await host.Http.GetAsync(path + "/_export?format=markdown"),
            await host.Post(path + "/messages", UserMessage),
            await host.Put($"{path}/messages/{id}", """{ "feedback": "up" }"""),
            await host.Http.DeleteAsync($"{path}/messages/{id}"),
            await host.Post($"{path}/messages/{id}/_explain", "{}"),
        ];

        var bodies = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task Abort_is_200_also_when_nothing_runs()
    {
        await using var host = await GatewayHost.Start();

        using var response = await host.Http.PostAsync(Path + "/_abort", null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(host.Chat.Aborted);
    }

    [Fact]
    public async Task Messages_have_the_contract_s_fields()
    {
        await using var host = await GatewayHost.Start();
        var id = new MessageId(GatewayHost.ChatId.Value);
        host.Chat.Kept.Add(new ChatMessage(id, null, "assistant", """[{"type":"text","text":"hi","x":1}]""", new MessageMetadata(
            "go_everyday", new TokenUsage(10, 5, 2, Reasoning: 3), 1_500_000, false, "stop", new TurnId(id.Value)), null, Samples.Noon, Samples.Noon));

        var one = await host.Http.GetStringAsync($"{Path}/messages/{id}");
        var all = await host.Http.GetStringAsync($"{Path}/messages?start=0&limit=1");

        const string Message =
            """{"_links":{"self":{"href":"/api/chats/ID/messages/ID"}},"id":"ID","chatId":"ID","role":"assistant","parts":[{"type":"text","text":"hi","x":1}],"metadata":{"modelId":"go_everyday","usage":{"inputTokens":10,"outputTokens":5,"cachedInputTokens":2,"reasoningTokens":3,"totalTokens":17},"credits":1.5,"estimated":false,"finishReason":"stop","turnId":"ID","memories":[]},"feedback":null,"createdAt":"2026-05-23T12:00:00Z","updatedAt":"2026-05-23T12:00:00Z"}""";
        Assert.Equal(Message, one.Replace(id.ToString(), "ID", StringComparison.Ordinal));
        Assert.Equal(
            $$$"""{"_links":{"self":{"href":"/api/chats/ID/messages"}},"_embedded":{"inf:message":[{{{Message}}}]},"start":0,"count":1,"total":1}""",
            all.Replace(id.ToString(), "ID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_passes_its_filters_on()
    {
        var host = shared.Host;

        var body = await host.Http.GetStringAsync("/api/chats?q=sales&directory=/sales&pinned=true&offset=40");

        Assert.Equal("""{"total":0,"limit":20,"offset":40,"results":[]}""", body);
        Assert.Equal(new ChatQuery(20, 40, "sales", "/sales", true), host.Tenant.Query);
    }

    [Fact]
    public async Task What_a_turn_answers_to_follows_from_its_body()
    {
        Assert.Equal(new NewMessage("u1", Parts(UserMessage)), await Input($$"""{ "message": {{UserMessage}} }"""));
        Assert.Equal(
            new NewMessage("u1", Parts(UserMessage)),
            await Input($$"""{ "id": "x", "messages": [{{ToolMessage}}, {{UserMessage}}], "trigger": "submit-message" }"""));
        Assert.Equal(
            new ToolResults("a1", Parts(ToolMessage)),
            await Input($$"""{ "messages": [{{UserMessage}}, {{ToolMessage}}], "trigger": "submit-message", "messageId": "a1" }"""));
        Assert.Equal(
            new NewMessage("u1", Parts(UserMessage), Replaces: "u1"),
            await Input($$"""{ "messages": [{{UserMessage}}], "trigger": "submit-message", "messageId": "u1" }"""));
        Assert.Equal(
            new Regenerate("a1", new NewMessage("u1", Parts(UserMessage))),
            await Input($$"""{ "messages": [{{UserMessage}}], "trigger": "regenerate-message", "messageId": "a1" }"""));
        Assert.Equal(new Regenerate(null), await Input("""{ "trigger": "regenerate-message" }"""));
    }

    [Theory]
    [InlineData("app:sales", "{}", "app", "sales")]
    [InlineData("app:sales", """{"type":"dataset","id":"d"}""", "dataset", "d")]
    public async Task The_entity_comes_from_the_body_or_else_the_header(string header, string entity, string type, string id)
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Answer = running => new TurnInProgress(running);
        host.Http.DefaultRequestHeaders.Add("x-informer-entity", header);

        await host.Post(Path, $$"""{ "message": {{UserMessage}}, "{{(entity == "{}" ? "none" : "entity")}}": {{entity}} }""");

        Assert.Equal(new EntityRef(type, id), host.Chat.Request!.Entity);
    }

    private async Task<TurnInput> Input(string json)
    {
        shared.Host.Chat.Answer = running => new TurnInProgress(running);
        await shared.Host.Post(Path, json);
        return shared.Host.Chat.Request!.Input;
    }

    private static string Parts(string message) => System.Text.Json.JsonElement.Parse(message).GetProperty("parts").GetRawText();
}
