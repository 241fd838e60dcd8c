using System.Buffers;
using System.Text;
using System.Text.Json;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;

namespace Informer.Ai.Streaming;

/// <summary>One event, one chunk, with the fields that the protocol knows and no others.</summary>
public class ChunkTests
{
    private static readonly Guid Id = Guid.Parse("0197a3f0-0000-7000-8000-000000000001");

    public static TheoryData<TurnEvent, string> Lines => new()
    {
        {
            new TurnBegun(1, "m1", new ChatId(Id), "go_everyday", new TurnId(Id)),
            """{"type":"start","messageId":"m1","messageMetadata":{"chatId":"0197a3f0000070008000000000000001","modelId":"go_everyday","turnId":"0197a3f0000070008000000000000001"}}"""
        },
        {
            new TurnBegun(1, "m1", null, "go_everyday", new TurnId(Id)),
            """{"type":"start","messageId":"m1","messageMetadata":{"modelId":"go_everyday","turnId":"0197a3f0000070008000000000000001"}}"""
        },
        { new StepBegun(2), """{"type":"start-step"}""" },
        { new StepEnded(2), """{"type":"finish-step"}""" },
        { new TextBegun(3, TextKind.Text, "t0"), """{"type":"text-start","id":"t0"}""" },
        { new TextDelta(4, TextKind.Text, "t0", "a\r\ndata: x é"), """{"type":"text-delta","id":"t0","delta":"a\r\ndata: x é"}""" },
        { new TextDelta(4, TextKind.Text, "t0", "half \ud83d"), """{"type":"text-delta","id":"t0","delta":"half \uFFFD"}""" },
        { new TextEnded(5, TextKind.Text, "t0"), """{"type":"text-end","id":"t0"}""" },
        { new TextBegun(3, TextKind.Reasoning, "r0"), """{"type":"reasoning-start","id":"r0"}""" },
        { new TextDelta(4, TextKind.Reasoning, "r0", ""), """{"type":"reasoning-delta","id":"r0","delta":""}""" },
        { new TextEnded(5, TextKind.Reasoning, "r0"), """{"type":"reasoning-end","id":"r0"}""" },
        {
            new ToolCalled(6, "c1", "weather", """{"city":"Kiel","n":[1,2]}"""),
            """{"type":"tool-input-available","toolCallId":"c1","toolName":"weather","input":{"city":"Kiel","n":[1,2]}}"""
        },
        {
            new ToolCalled(6, "c1", "t", """{"a":[{"__proto__":{"x":1},"\u005f_proto__":1,"b":2}],"constructor":{"prototype":{}},"c":{"constructor":"ok"}}"""),
            """{"type":"tool-input-available","toolCallId":"c1","toolName":"t","input":{"a":[{"b":2}],"c":{"constructor":"ok"}}}"""
        },
        {
            new ToolCalled(6, "c1", "t", """{"broken":"""),
            """{"type":"tool-input-available","toolCallId":"c1","toolName":"t","input":"{\"broken\":"}"""
        },
        {
            new ToolAnswered(6, "c1", """{"sky":"blue"}"""),
            """{"type":"tool-output-available","toolCallId":"c1","output":{"sky":"blue"}}"""
        },
        { new ToolAnswered(6, "c1", "null"), """{"type":"tool-output-available","toolCallId":"c1","output":null}""" },
        { new ToolFailed(6, "c1", "No window."), """{"type":"tool-output-error","toolCallId":"c1","errorText":"No window."}""" },
        { new ToolDenied(6, "c1"), """{"type":"tool-output-denied","toolCallId":"c1"}""" },
        {
            new TurnFinished(7, "length", new TokenUsage(10, 5, 2, Reasoning: 3), 1_234_567, false, 37_660_000_000, null, RefusalCode.CreditLimit),
            """{"type":"finish","finishReason":"length","messageMetadata":{"usage":{"inputTokens":10,"outputTokens":5,"cachedInputTokens":2,"reasoningTokens":3,"totalTokens":17},"credits":1.234567,"estimated":false,"poolRemaining":37660,"profileRemaining":null,"limitedBy":"CREDIT_LIMIT"}}"""
        },
        {
            new TurnFinished(7, "stop", TokenUsage.None, 0, true, null, 500_000, null),
            """{"type":"finish","finishReason":"stop","messageMetadata":{"usage":{"inputTokens":0,"outputTokens":0,"cachedInputTokens":0,"reasoningTokens":0,"totalTokens":0},"credits":0,"estimated":true,"poolRemaining":null,"profileRemaining":0.5}}"""
        },
        {
            new TurnFinished(7, "stop", TokenUsage.None, 0, false, 0, 0, null, Memories: [new MemoryId(Id)]),
            """{"type":"finish","finishReason":"stop","messageMetadata":{"usage":{"inputTokens":0,"outputTokens":0,"cachedInputTokens":0,"reasoningTokens":0,"totalTokens":0},"credits":0,"estimated":false,"poolRemaining":0,"profileRemaining":0,"memories":["0197a3f0000070008000000000000001"]}}"""
        },
        { new TurnFailed(8, "The model failed."), """{"type":"error","errorText":"The model failed."}""" },
        { new TurnAborted(8), """{"type":"abort"}""" },
    };

    [Theory]
    [MemberData(nameof(Lines), DisableDiscoveryEnumeration = true)]
    public void An_event_becomes_its_chunk(TurnEvent turnEvent, string line)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EventStream.JsonOptions))
        {
            ChunkWriter.Write(json, turnEvent);
        }

        Assert.Equal(line, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Every_kind_of_event_has_a_line_here()
    {
        var kinds = typeof(TurnEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(TurnEvent)) && type != typeof(TurnNotBegun));

        Assert.Empty(kinds.Except(Lines.Select(line => line.Data.Item1.GetType())));
    }
}
