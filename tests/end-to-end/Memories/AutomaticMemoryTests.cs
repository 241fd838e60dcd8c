using Xunit;

namespace Informer.Ai.Memories;

/// <summary>Memories that the service makes by itself, with thresholds that a short test reaches.</summary>
public sealed class AutomaticMemoryTests(AutomaticMemoryTests.LowThresholds service) : IClassFixture<AutomaticMemoryTests.LowThresholds>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private HttpClient Analyst => service.Analyst;

    [Fact]
    public async Task After_so_many_messages_that_are_in_no_memory_one_is_made_of_them_and_only_once()
    {
        var chat = await Analyst.NewChat();
        for (var turn = 0; turn < 4; turn++)
        {
            await Ask(chat, $"Tell me more of the sea, part {turn}");
        }

        var memory = await Made(chat, "length_threshold");

        Assert.Equal(8, memory.GetProperty("messageCount").GetInt32());
        Assert.Equal(
            (await Analyst.Messages(chat)).Select(message => message.Id()),
            memory.GetProperty("messageIds").EnumerateArray().Select(id => id.GetString()!));
        await Ask(chat, "Tell me more of the sea");
        await ServiceCalls.Eventually(() => Task.FromResult(service.Service.Count("SELECT COUNT(*) FROM credit_hold") == 0), Soon);
        Assert.Single(await Analyst.Memories(chat));
        Assert.Equal(1, service.Service.Count(
            $"SELECT COUNT(*) FROM usage_event WHERE chat_id = '{chat}' AND model_id = 'everyday' AND parent_id IS NOT NULL AND charged > 0 AND finish_reason = 'stop'"));
    }

    [Fact]
    public async Task A_user_who_closes_the_discussion_completes_it()
    {
        var chat = await Analyst.NewChat();
        await Ask(chat, "How long do eggs boil?");
        await Ask(chat, "Thanks, that's all!");

        Assert.Equal(4, (await Made(chat, "completed_discussion")).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task A_turn_after_a_long_time_remembers_what_was_before_it()
    {
        var chat = await Analyst.NewChat();
        await Ask(chat, "How long do eggs boil?");
        service.Service.Tamper(Environment.GetEnvironmentVariable("INFORMER_STORE") == "postgres"
            ? $"UPDATE message SET updated_at = updated_at - interval '7 hours' WHERE chat_id = '{chat}'"
            : $"UPDATE message SET updated_at = updated_at - 25200000000 WHERE chat_id = '{chat}'");

        await Ask(chat, "And how long do potatoes?");

        Assert.Equal(2, (await Made(chat, "time_threshold")).GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task A_question_far_from_the_running_topic_remembers_the_topic()
    {
        var chat = await Analyst.NewChat();
        await Ask(chat, "Which tomatoes grow best in pots on a balcony?");
        await Ask(chat, "How often do tomatoes in pots on a balcony need water?");
        await Ask(chat, "When are tomatoes in pots on a balcony ripe?");
        Assert.Empty(await Analyst.Memories(chat));

        await Ask(chat, "Explain quantum chromodynamics");

        Assert.Equal(6, (await Made(chat, "topic_change")).GetProperty("messageCount").GetInt32());
    }

    private async Task Ask(string chat, string question)
    {
        var (events, _) = await UiStream.ReadAll(await Analyst.Turn(chat, $"{question} #sim tokens=8"));
        Assert.Equal("finish", events[^1].Type);
    }

    private async Task<System.Text.Json.JsonElement> Made(string chat, string reason)
    {
        await ServiceCalls.Eventually(async () => (await Analyst.Memories(chat)).Count > 0, Soon);
        var memory = Assert.Single(await Analyst.Memories(chat));
        Assert.Equal(reason, memory.Text("reason"));
        Assert.NotEmpty(memory.Text("summary"));
        return memory;
    }

    public sealed class LowThresholds : MemoryService
    {
        protected override (string Name, string Value)[] Settings =>
        [
            Patient,
            ("Informer__Memories__MessagesThreshold", "8"),
            ("Informer__Memories__TopicMessagesMin", "6"),
        ];
    }
}
