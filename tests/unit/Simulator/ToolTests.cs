using System.Text.Json;
using OpenAI.Chat;

namespace Informer.Ai.Tests.Unit.Simulator;

[Collection(SimulatorCollection.Name)]
public sealed class ToolTests(SimulatorFixture simulator)
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "weather", "Tells the weather.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":3,"maximum":3}},"required":["city"]}"""));

    [Fact]
    public async Task A_named_tool_is_called_and_its_result_is_in_the_answer()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };
        var messages = new List<ChatMessage> { new UserChatMessage("""How is it? #sim tool=weather args={"city":"Köln } \" {","days":[1,2]}""") };
        ChatCompletion call = await simulator.Chat.CompleteChatAsync(messages, options);

        messages.Add(new AssistantChatMessage(call));
        messages.Add(new ToolChatMessage(call.ToolCalls[0].Id, "Rain until Friday"));
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, call.FinishReason);
        Assert.Equal("""{"city":"Köln } \" {","days":[1,2]}""", call.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Contains("The tool weather returned: Rain until Friday.", answer.Content[0].Text);
    }

    [Fact]
    public async Task A_streamed_call_puts_its_arguments_together()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };
        string? name = null, arguments = null;
        ChatFinishReason? finish = null;
        await foreach (var update in simulator.Chat.CompleteChatStreamingAsync([new UserChatMessage("#sim tool=weather")], options))
        {
            name = update.ToolCallUpdates.Select(part => part.FunctionName).FirstOrDefault(one => one is not null) ?? name;
            arguments += string.Concat(update.ToolCallUpdates.Select(part => part.FunctionArgumentsUpdate?.ToString()));
            finish = update.FinishReason ?? finish;
        }

        using var document = JsonDocument.Parse(arguments!);
        Assert.Equal("weather", name);
        Assert.Equal(3, document.RootElement.GetProperty("days").GetInt32());
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
    }

    [Fact]
    public async Task More_rounds_of_calls_happen_on_request()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };
        var messages = new List<ChatMessage> { new UserChatMessage("#sim tool=weather calls=3") };
        var rounds = 0;
        ChatCompletion answer = await simulator.Chat.CompleteChatAsync(messages, options);
        for (; answer.FinishReason == ChatFinishReason.ToolCalls; rounds++)
        {
            messages.Add(new AssistantChatMessage(answer));
            messages.Add(new ToolChatMessage(answer.ToolCalls[0].Id, "more"));
            answer = await simulator.Chat.CompleteChatAsync(messages, options);
        }

        Assert.Equal(3, rounds);
    }

    [Fact]
    public async Task A_required_choice_calls_a_tool_and_none_forbids_it()
    {
        var required = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };
        var none = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateNoneChoice() };

        ChatCompletion called = await simulator.Chat.CompleteChatAsync([new UserChatMessage("Hello")], required);
        ChatCompletion forbidden = await simulator.Chat.CompleteChatAsync([new UserChatMessage("#sim tool=weather")], none);

        Assert.Equal("weather", called.ToolCalls[0].FunctionName);
        Assert.Empty(forbidden.ToolCalls);
    }

    [Fact]
    public async Task A_tool_that_is_not_offered_is_not_called()
    {
        var options = new ChatCompletionOptions { Tools = { Weather } };

        ChatCompletion answer = await simulator.Chat.CompleteChatAsync([new UserChatMessage("#sim tool=calendar")], options);

        Assert.Empty(answer.ToolCalls);
    }
}
