using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class AnswerTests(SimulatorFixture simulator)
{
    private static readonly TiktokenTokenizer O200k = TiktokenTokenizer.CreateForEncoding("o200k_base");

    [Fact]
    public async Task The_same_question_has_the_same_answer()
    {
        ChatCompletion first = await simulator.Chat.CompleteChatAsync("Where does the river begin?");
        ChatCompletion second = await simulator.Chat.CompleteChatAsync("Where does the river begin?");

        Assert.Contains("Where does the river begin?", first.Content[0].Text);
        Assert.Equal(first.Content[0].Text, second.Content[0].Text);
        Assert.InRange(first.Usage.OutputTokenCount, 30, 90);
        Assert.EndsWith(".", first.Content[0].Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task An_answer_of_n_tokens_is_n_tokens_to_the_tokenizer_too(int tokens)
    {
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync($"#sim tokens={tokens}");

        Assert.Equal(tokens, answer.Usage.OutputTokenCount);
        Assert.Equal(tokens, O200k.CountTokens(answer.Content[0].Text));
    }

    [Fact]
    public async Task A_streamed_answer_arrives_one_token_a_chunk()
    {
        var parts = new List<string>();
        ChatTokenUsage? usage = null;
        await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage("#sim tokens=40")]))
        {
            parts.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(40, parts.Count);
        Assert.All(parts, part => Assert.Equal(1, O200k.CountTokens(part)));
        Assert.Equal(40, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_character_of_several_tokens_stays_whole()
    {
        const string Text = "Grüße 👩🏽‍🚀 und 𝄞𝄞, 日本語テキスト🧬";
        var parts = new List<string>();
        ChatTokenUsage? usage = null;
        await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage($"#sim say=\"{Text}\"")]))
        {
            parts.AddRange(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(Text, string.Concat(parts));
        Assert.DoesNotContain(parts, part => part.Contains('\uFFFD'));
        Assert.All(parts.SkipWhile(part => part.Length == 0), Assert.NotEmpty);
        Assert.Equal(O200k.CountTokens(Text), usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Usage_counts_prompt_answer_cache_and_reasoning()
    {
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync("#sim tokens=10 cached=4 reasoning=25");

        var expected = 3 + 3 + O200k.CountTokens("user") + O200k.CountTokens("#sim tokens=10 cached=4 reasoning=25");
        Assert.Equal(expected, answer.Usage.InputTokenCount);
        Assert.Equal(4, answer.Usage.InputTokenDetails.CachedTokenCount);
        Assert.Equal(25, answer.Usage.OutputTokenDetails.ReasoningTokenCount);
        Assert.Equal(35, answer.Usage.OutputTokenCount);
    }

    [Theory]
    [InlineData("#sim tokens=50", 20, 20)]
    [InlineData("#sim tokens=50 reasoning=15", 20, 5)]
    [InlineData("#sim tokens=50 reasoning=90", 20, 0)]
    public async Task The_limit_of_the_request_ends_the_answer(string prompt, int limit, int visible)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = limit };
        var since = simulator.Server.Log.LastId;
        ChatFinishReason? finish = null;
        await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage(prompt)], options))
        {
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(ChatFinishReason.Length, finish);
        Assert.Equal(visible, (await simulator.EndAsync(since)).TokensSent);
    }

    [Fact]
    public async Task The_abstraction_of_a_chat_client_sees_text_and_usage_of_a_stream()
    {
        using var client = simulator.Chat.AsIChatClient();
        var response = await client.GetStreamingResponseAsync("#sim tokens=12 cached=2 reasoning=3").ToChatResponseAsync();

        Assert.Equal(12, O200k.CountTokens(response.Text));
        Assert.Equal(15, response.Usage!.OutputTokenCount);
        Assert.Equal(2, response.Usage.CachedInputTokenCount);
        Assert.Equal(3, response.Usage.ReasoningTokenCount);
        Assert.Equal(Microsoft.Extensions.AI.ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task A_megabyte_without_a_space_is_counted_in_no_time()
    {
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage(new string('a', 1_000_000))], cancellationToken: SimulatorFixture.Patience);

        Assert.InRange(answer.Usage.InputTokenCount, 100_000, 200_000);
    }

    [Fact]
    public async Task The_first_token_waits_as_long_as_it_was_told()
    {
        var since = simulator.Server.Log.LastId;
        await simulator.EventsAsync("#sim tokens=4 first=60 delay=20");

        var request = await simulator.EndAsync(since);
        Assert.True(
            request.Duration - request.TimeToHeaders >= TimeSpan.FromMilliseconds(115),
            $"took {request.Duration}, with headers after {request.TimeToHeaders}");
    }
}
