using Informer.Ai.Credits;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>
/// What each vendor reports, in its documented form and through its real library, and the tokens that are charged for
/// it; null is a report that cannot be true, so that the call is counted here.
/// </summary>
public sealed class UsageVectorTests
{
    private const long Most = 1_000_000;

    [Theory]
    [InlineData("""{"prompt_tokens":120,"completion_tokens":40,"total_tokens":160}""", 120, 40, 0, 0)]
    [InlineData("""{"prompt_tokens":120,"completion_tokens":40,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":{"reasoning_tokens":30}}""", 20, 40, 100, 30)]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", 0, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":120,"completion_tokens":40,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":121}}""", null, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":120,"completion_tokens":40,"total_tokens":160,"completion_tokens_details":{"reasoning_tokens":41}}""", null, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":-1,"completion_tokens":40,"total_tokens":39}""", null, 0, 0, 0)]
    [InlineData("""{"prompt_tokens":120,"completion_tokens":2000000,"total_tokens":2000120}""", null, 0, 0, 0)]
    public async Task OpenAI_counts_cached_tokens_in_the_prompt_and_reasoning_in_the_output(string usage, int? input, int output, int cached, int reasoning)
    {
        var expected = Expected(input, output, cached, reasoning: reasoning);

        Assert.Equal(expected, await Read(ProviderType.OpenAI, "application/json", OpenAIAnswer(usage), streamed: false));
        Assert.Equal(expected, await Read(ProviderType.OpenAI, "text/event-stream", OpenAIStream(usage), streamed: true));
        Assert.Equal(expected, await Read(ProviderType.AzureOpenAI, "text/event-stream", OpenAIStream(usage), streamed: true));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}""", 11, 5, 0, 0)]
    [InlineData("""{"prompt_tokens":11,"completion_tokens":5,"total_tokens":216}""", 11, 205, 0, 200)]
    [InlineData("""{"prompt_tokens":11,"completion_tokens":5,"total_tokens":216,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":200}}""", 3, 205, 8, 200)]
    [InlineData("""{"prompt_tokens":11,"completion_tokens":5,"total_tokens":0}""", 11, 5, 0, 0)]
    [InlineData("""{"prompt_tokens":11,"completion_tokens":5,"total_tokens":2000000}""", null, 0, 0, 0)]
    public async Task Google_and_some_compatible_servers_count_reasoning_in_the_total_only(string usage, int? input, int output, int cached, int reasoning)
    {
        var expected = Expected(input, output, cached, reasoning: reasoning);

        Assert.Equal(expected, await Read(ProviderType.Google, "application/json", OpenAIAnswer(usage), streamed: false));
        Assert.Equal(expected, await Read(ProviderType.Google, "text/event-stream", OpenAIStream(usage), streamed: true));
        Assert.Equal(expected, await Read(ProviderType.OpenAICompatible, "text/event-stream", OpenAIStream(usage), streamed: true));
    }

    [Theory]
    [InlineData("""{"input_tokens":25,"output_tokens":15}""", 25, 15, 0, 0, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":15,"cache_read_input_tokens":1000,"cache_creation_input_tokens":0}""", 25, 15, 1000, 0, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":15,"cache_read_input_tokens":1000,"cache_creation_input_tokens":300}""", 25, 15, 1000, 300, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":15,"cache_read_input_tokens":1000,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200}}""", 25, 15, 1000, 100, 200, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":115,"output_tokens_details":{"thinking_tokens":100}}""", 25, 115, 0, 0, 0, 100)]
    [InlineData("""{"input_tokens":-25,"output_tokens":15}""", null, 0, 0, 0, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":15,"cache_read_input_tokens":-5}""", null, 0, 0, 0, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":15,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":20}}""", null, 0, 0, 0, 0, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":2000000}""", null, 0, 0, 0, 0, 0)]
    public async Task Anthropic_counts_the_parts_of_a_prompt_beside_each_other(
        string usage, int? input, int output, int cached, int written, int kept, int reasoning) => Assert.Equal(
        Expected(input, output, cached, written, kept, reasoning),
        await Read(ProviderType.Anthropic, "application/json", AnthropicAnswer(usage), streamed: false));

    [Theory]
    [InlineData("""{"input_tokens":25,"output_tokens":1}""", """{"output_tokens":15}""", 25, 15, 0, 0, 0, 0)]
    [InlineData(
        """{"input_tokens":25,"output_tokens":1,"cache_read_input_tokens":1000,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200}}""",
        """{"input_tokens":25,"output_tokens":15,"cache_read_input_tokens":1000,"cache_creation_input_tokens":300}""",
        25, 15, 1000, 100, 200, 0)]
    [InlineData("""{"input_tokens":25,"output_tokens":8}""", """{"input_tokens":40,"output_tokens":115,"output_tokens_details":{"thinking_tokens":90}}""", 40, 115, 0, 0, 0, 90)]
    [InlineData("""{"input_tokens":25,"output_tokens":1}""", """{"output_tokens":-15}""", null, 0, 0, 0, 0, 0)]
    public async Task Anthropic_tells_its_counts_twice_in_a_stream_and_they_do_not_add_up(
        string start, string end, int? input, int output, int cached, int written, int kept, int reasoning) => Assert.Equal(
        Expected(input, output, cached, written, kept, reasoning),
        await Read(ProviderType.Anthropic, "text/event-stream", AnthropicStream(start, end), streamed: true));

    [Fact]
    public async Task A_vendors_library_sends_the_key_that_it_is_given_and_none_from_the_environment()
    {
        string[] names = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"];
        var before = names.Select(Environment.GetEnvironmentVariable).ToList();
        try
        {
            foreach (var name in names)
            {
                Environment.SetEnvironmentVariable(name, name == "ANTHROPIC_BASE_URL" ? "http://127.0.0.1:1" : "sk-of-the-operator");
            }

            foreach (var type in ProviderType.All.Select(known => known.Name))
            {
                var anthropic = type == ProviderType.Anthropic;
                await using var server = await VendorServer.Answering("application/json", anthropic ? AnthropicAnswer("""{"input_tokens":1,"output_tokens":1}""") : OpenAIAnswer("null"));
                using var vendor = Vendor(type, server.Address);
                await vendor.Chat("m").GetResponseAsync("hi");

                var (path, headers, body) = Assert.Single(server.Asked);
                Assert.Contains(headers.Values, value => value.Contains("sk-of-the-tenant", StringComparison.Ordinal));
                Assert.DoesNotContain(headers.Values, value => value.Contains("sk-of-the-operator", StringComparison.Ordinal));
                Assert.DoesNotContain("sk-of", path + body, StringComparison.Ordinal);
                Assert.Equal(type switch { ProviderType.Anthropic => "/v1/messages", ProviderType.AzureOpenAI => "/openai/v1/chat/completions", _ => "/chat/completions" }, path);
            }
        }
        finally
        {
            foreach (var (name, value) in names.Zip(before))
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    [Fact]
    public async Task The_models_of_a_vendor_are_listed()
    {
        await using var openAI = await VendorServer.Answering("application/json", """{"object":"list","data":[{"id":"one","object":"model","created":1,"owned_by":"us"},{"id":"two","object":"model","created":1,"owned_by":"us"}]}""");
        await using var anthropic = await VendorServer.Answering("application/json", """{"data":[{"type":"model","id":"one","display_name":"One","created_at":"2025-02-19T00:00:00Z"},{"type":"model","id":"two","display_name":"Two","created_at":"2025-02-19T00:00:00Z"}],"has_more":false,"first_id":"one","last_id":"two"}""");

        using var first = Vendor(ProviderType.OpenAI, openAI.Address);
        using var second = Vendor(ProviderType.Anthropic, anthropic.Address);

        Assert.Equal(["one", "two"], await first.NamesAsync(CancellationToken.None));
        Assert.Equal(["one", "two"], await second.NamesAsync(CancellationToken.None));
    }

    private static TokenUsage? Expected(int? input, int output, int cached, int written = 0, int kept = 0, int reasoning = 0) =>
        input is { } count ? new TokenUsage(count, output, cached, written, kept, reasoning) : null;

    private static IVendor Vendor(string type, Uri address) => type == ProviderType.Anthropic
        ? new AnthropicVendor(address, "sk-of-the-tenant", new SocketsHttpHandler())
        : new OpenAIVendor(type, address, "sk-of-the-tenant", new SocketsHttpHandler());

    // The last report is the one, as in a turn.
    private static async Task<TokenUsage?> Read(string type, string contentType, string answer, bool streamed)
    {
        await using var server = await VendorServer.Answering(contentType, answer);
        using var vendor = Vendor(type, server.Address);
        var chat = vendor.Chat("m");
        UsageDetails? report = null;
        if (streamed)
        {
            var text = "";
            await foreach (var update in chat.GetStreamingResponseAsync("hi"))
            {
                text += update.Text;
                report = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? report;
            }

            Assert.Equal("Hello", text);
        }
        else
        {
            var response = await chat.GetResponseAsync("hi");
            Assert.Equal("Hello", response.Text);
            report = response.Usage;
        }

        Assert.NotNull(report);
        return ReportedUsage.Read(report, Most, Most);
    }

    private static string OpenAIAnswer(string usage) =>
        $$"""{"id":"c1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{{usage}}}""";

    private static string OpenAIStream(string usage) => $$"""
        data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}

        data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}

        data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[],"usage":{{usage}}}

        data: [DONE]


        """;

    private static string AnthropicAnswer(string usage) =>
        $$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{usage}}}""";

    private static string AnthropicStream(string start, string end) => $$$"""
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{start}}}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{{{end}}}}

        event: message_stop
        data: {"type":"message_stop"}


        """;
}
