using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Informer.Ai.Chats;

/// <summary>The name that the service finds for a chat.</summary>
public sealed class NamingTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task A_chat_without_a_name_gets_one_after_its_first_answer_and_pays_for_it_under_its_turn()
    {
        var chat = await Analyst.NewChat(new { modelId = "go_everyday" });
        var before = await Analyst.Used();

        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, "The sales of May #sim tokens=20"));
        await ServiceCalls.Eventually(async () => await Name(chat) is not null, Soon);
        await Settled();

        var metadata = events[^1].Data.GetProperty("messageMetadata");
        var turn = events[0].Data.GetProperty("messageMetadata").GetProperty("turnId").GetString();
        Assert.Equal(1, fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE parent_id = '{turn}' AND chat_id = '{chat}' AND charged > 0"));
        Assert.True((await Analyst.Used()).Pool - before.Pool > metadata.GetProperty("credits").GetDecimal());
        Assert.Equal(2, (await Analyst.Messages(chat)).Count);

        var named = await Name(chat);
        await UiStream.ReadAll(await Analyst.Turn(chat, "And June? #sim tokens=5"));
        await Settled();
        Assert.Equal(named, await Name(chat));
        Assert.Equal(3, fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}'"));
    }

    [Theory]
    [InlineData("""{ "modelId": "go_everyday", "name": "Mine" }""", "Mine")]
    [InlineData("""{ "modelId": "go_everyday", "autoRename": false }""", null)]
    public async Task A_chat_whose_owner_named_it_or_wants_no_name_is_left_as_it_is(string settings, string? name)
    {
        var chat = await Analyst.NewChat(JsonElement.Parse(settings));

        await UiStream.ReadAll(await Analyst.Turn(chat, "One #sim tokens=5"));
        await UiStream.ReadAll(await Analyst.Turn(chat, "Two #sim tokens=5"));

        Assert.Equal(name, await Name(chat));
        Assert.Equal(2, fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}'"));
    }

    [Fact]
    public async Task A_name_that_is_refused_is_not_tried_for_again()
    {
        var list = await (await fixture.Admin.GetAsync(new Uri("/api/usage-profiles", UriKind.Relative))).Json();
        var profile = list.GetProperty("_embedded").EnumerateObject().Single().Value[0];
        var path = $"/api/usage-profiles/{profile.GetProperty("id").GetString()}";
        var chat = await Analyst.NewChat(new { modelId = "go_advanced" });
        (await fixture.Admin.PutAsJsonAsync(path, new { allowedModelTiers = new[] { "advanced" } })).EnsureSuccessStatusCode();
        try
        {
            await UiStream.ReadAll(await Analyst.Turn(chat, "One #sim tokens=5"));
            await UiStream.ReadAll(await Analyst.Turn(chat, "Two #sim tokens=5"));
        }
        finally
        {
            await fixture.Admin.PutAsJsonAsync(path, new { allowedModelTiers = profile.GetProperty("allowedModelTiers") });
        }

        await UiStream.ReadAll(await Analyst.Turn(chat, "Three #sim tokens=5"));
        await Settled();

        Assert.Null(await Name(chat));
        Assert.Equal(3, fixture.Service.Count($"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}'"));
    }

    [Fact]
    public async Task A_change_of_something_else_does_not_take_the_name_away()
    {
        var chat = await Analyst.NewChat(new { modelId = "go_everyday" });
        await UiStream.ReadAll(await Analyst.Turn(chat, "One #sim tokens=5"));
        await ServiceCalls.Eventually(async () => await Name(chat) is not null, Soon);
        await Settled();

        await Analyst.PutAsJsonAsync($"/api/chats/{chat}", new { pinned = true });

        Assert.NotNull(await Name(chat));
    }

    private async Task<string?> Name(string chat) =>
        (await (await Analyst.GetAsync(new Uri($"/api/chats/{chat}", UriKind.Relative))).Json()).GetProperty("name").GetString();

    private Task Settled() => ServiceCalls.Eventually(
        () => Task.FromResult(fixture.Service.Count("SELECT COUNT(*) FROM credit_hold") == 0), Soon);
}
