using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>Files and images in messages, for models that take them.</summary>
public sealed class AttachmentTests(ServiceFixture fixture)
{
    private const string Pixel =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private HttpClient Analyst => fixture.Analyst;

    [Fact]
    public async Task An_image_goes_to_the_model_and_is_charged_as_reported()
    {
        var chat = await Analyst.NewChat();
        var since = fixture.Simulator.Log.LastId;

        var (events, _) = await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", new { message = WithFile("image/png", Pixel) }));

        var usage = events[^1].Data.GetProperty("messageMetadata").GetProperty("usage");
        var served = Assert.Single(fixture.Simulator.Log.Entries(since));
        Assert.Equal(served.PromptTokens, usage.GetProperty("inputTokens").GetInt32());
        Assert.InRange(served.PromptTokens, 85, 130);
    }

    [Fact]
    public async Task A_model_that_takes_no_files_says_so_and_nothing_is_held()
    {
        await fixture.Admin.NewModel(new { name = "Blind", slug = "blind", model = "sim-everyday", promptPpm = 1, completionPpm = 1 });
        var chat = await Analyst.NewChat(new { modelId = "blind", name = "Test" });
        var message = WithFile("image/png", Pixel);
        var entries = fixture.Service.Count("SELECT COUNT(*) FROM ledger_entry");

        foreach (var (path, body) in new (string, object)[]
        {
            ($"/api/chats/{chat}", new { message }),
            ("/api/models/blind/_chat", new { messages = new[] { message } }),
            ("/api/models/blind/_object", new { messages = new[] { message }, schema = new { } }),
        })
        {
            var answer = await Analyst.PostAsJsonAsync(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("MODEL_CAPABILITY", (await answer.Json()).GetProperty("code").GetString());
        }

        Assert.Equal(entries, fixture.Service.Count("SELECT COUNT(*) FROM ledger_entry"));
    }

    [Fact]
    public async Task A_model_that_takes_no_files_goes_on_with_a_chat_that_has_some()
    {
        await fixture.Admin.NewModel(new { name = "Blind", slug = "blind-2", model = "sim-everyday", promptPpm = 1, completionPpm = 1 });
        var chat = await Analyst.NewChat();
        await UiStream.ReadAll(await Analyst.Begin($"/api/chats/{chat}", new { message = WithFile("image/png", Pixel) }));
        var since = fixture.Simulator.Log.LastId;

        var (events, _) = await UiStream.ReadAll(await Analyst.Begin(
            $"/api/chats/{chat}", new { message = ServiceCalls.User("And now?"), modelId = "blind-2" }));

        Assert.Equal("finish", events[^1].Type);
        Assert.Equal("blind-2", (await (await Analyst.GetAsync(new Uri($"/api/models/{events[0].Data.GetProperty("messageMetadata").GetProperty("modelId").GetString()}", UriKind.Relative))).Json()).GetProperty("slug").GetString());
        Assert.Single(fixture.Simulator.Log.Entries(since));
    }

    [Theory]
    [InlineData("image/png", "data:image/png;base64,***")]
    [InlineData("image/png", "data:image/png,plain")]
    [InlineData("image/png", "file:///etc/passwd")]
    [InlineData("image/png", "picture.png")]
    [InlineData("nonsense", Pixel)]
    public async Task A_file_that_cannot_be_read_is_refused(string mediaType, string url)
    {
        var answer = await Analyst.PostAsJsonAsync($"/api/chats/{await Analyst.NewChat()}", new { message = WithFile(mediaType, url) });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("message.parts[1].", (await answer.Json()).GetProperty("validation")[0].GetProperty("path").GetString());
    }

    private static object WithFile(string mediaType, string url) => new
    {
        id = "u1",
        role = "user",
        parts = new object[] { new { type = "text", text = "What is this?" }, new { type = "file", mediaType, url } },
    };
}
