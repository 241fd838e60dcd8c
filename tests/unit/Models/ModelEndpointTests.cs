using System.Net;
using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Gateway;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <summary>Models over HTTP, and direct calls of them.</summary>
public class ModelEndpointTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task Internal_models_are_for_those_who_manage_models()
    {
        await using var user = await GatewayHost.Start();
        await using var manager = await GatewayHost.Start(Samples.Analyst(Permission.AiManage));
        user.Tenant.Models.Add(Samples.Model("hidden", isInternal: true));
        manager.Tenant.Models.Add(Samples.Model("hidden", isInternal: true));

        Assert.Equal(["go_everyday", "embed"], await Ids(user, "/api/models?includeInternal=true"));
        Assert.Equal(["go_everyday", "embed"], await Ids(manager, "/api/models"));
        Assert.Equal(["go_everyday", "embed", "hidden"], await Ids(manager, "/api/models?includeInternal=true"));
        Assert.Equal(["go_everyday"], await Ids(user, "/api/models?chat=true"));
        Assert.Equal(HttpStatusCode.NotFound, (await user.Http.GetAsync("/api/models/hidden")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await manager.Http.GetAsync("/api/models/hidden")).StatusCode);
    }

    [Fact]
    public async Task Chat_models_are_those_of_the_caller_s_tiers()
    {
        await using var host = await GatewayHost.Start();
        host.Tenant.Models.Add(Samples.Model("big", tier: "strategic"));
        host.Tenant.Models.Add(Samples.Model("alias", tier: "everyday", references: "big"));

        Assert.Equal(["go_everyday"], await Ids(host, "/api/chat-models"));
        var alias = await GatewayHost.Body(await host.Http.GetAsync("/api/models/alias"));
        Assert.Equal("big", alias.GetProperty("referencedModel").GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, alias.GetProperty("referencedModel").GetProperty("referencedModel").ValueKind);
    }

    [Fact]
    public async Task Pages_are_cut()
    {
        var host = shared.Host;

        var page = await GatewayHost.Body(await host.Http.GetAsync("/api/models?start=1&limit=1"));

        Assert.Equal((1, 1, 2), (page.GetProperty("start").GetInt32(), page.GetProperty("count").GetInt32(), page.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task A_direct_call_streams_and_passes_its_request_on()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Emit(new TurnBegun(1, "m1", null, "go_everyday", default), new TurnFinished(2, "stop", TokenUsage.None, 0, false, null, null, null));

        using var response = await host.Post("/api/models/go_everyday/_chat", """
            { "messages": [{ "id": "u1", "role": "user", "parts": [{ "type": "text", "text": "hi" }] }],
              "system": "Be brief.", "temperature": 0.5, "outputSize": "small", "maxSteps": 3, "entity": { "type": "app", "id": "a" } }
            """);

        Assert.Contains("\"finish\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var request = host.Chat.Invocation!;
        Assert.Equal(("go_everyday", "Be brief.", "small", 0.5f, new EntityRef("app", "a")), (request.ModelId, request.System, request.OutputSize, request.Temperature, request.Entity));
        Assert.Equal("u1", Assert.Single(request.Messages).Id);
    }

    [Fact]
    public async Task A_prompt_is_the_last_message_of_a_completion()
    {
        await using var host = await GatewayHost.Start();
        host.Chat.Answer = turn => new TurnInProgress(turn);

        await host.Post("/api/models/go_everyday/_completion", """{ "prompt": "say \"hi\"" }""");

        var message = Assert.Single(host.Chat.Invocation!.Messages);
        Assert.Equal("user", message.Role);
        Assert.Equal("say \"hi\"", JsonElement.Parse(message.Parts)[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("_chat", "{}", "messages")]
    [InlineData("_chat", """{ "messages": [] }""", "messages")]
    [InlineData("_chat", """{ "messages": [{ "role": "user", "content": "hi" }] }""", "messages[0].content")]
    [InlineData("_chat", """{ "messages": [{ "id": "a", "role": "assistant", "parts": [] }], "tools": [] }""", "tools")]
    [InlineData("_chat", """{ "messages": [{ "id": "a", "role": "assistant", "parts": [] }], "temperature": 3 }""", "temperature")]
    [InlineData("_chat", """{ "messages": [{ "id": "a", "role": "assistant", "parts": [] }], "temperature": 1e999 }""", "temperature")]
    [InlineData("_chat", """{ "messages": [{ "id": "a", "role": "assistant", "parts": [] }], "maxSteps": 0 }""", "maxSteps")]
    [InlineData("_completion", "{}", "prompt")]
    [InlineData("_completion", """{ "prompt": "" }""", "prompt")]
    [InlineData("_completion", """{ "prompt": 1 }""", "prompt")]
    public async Task A_wrong_call_is_refused(string verb, string json, string path)
    {
        var host = shared.Host;

        using var response = await host.Post("/api/models/go_everyday/" + verb, json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(path, (await GatewayHost.Body(response)).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    private static async Task<string?[]> Ids(GatewayHost host, string path) =>
        [.. (await GatewayHost.Body(await host.Http.GetAsync(path))).GetProperty("_embedded").GetProperty("inf:model").EnumerateArray()
            .Select(model => model.GetProperty("id").GetString())];
}
