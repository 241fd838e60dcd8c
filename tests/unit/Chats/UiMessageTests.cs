using System.Text.Json;
using Informer.Ai.Errors;
using Informer.Ai.Requests;

namespace Informer.Ai.Chats;

/// <summary>Which messages are taken, and where and how others are refused.</summary>
public class UiMessageTests
{
    private static readonly GatewayOptions Limits = new() { MessagesMax = 3, TextCharactersMax = 10 };

    [Theory]
    [InlineData("""[{"id":"","role":"user","parts":[{"type":"text","text":""}]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"step-start"},{"type":"text","text":"x","state":"streaming","new":1}],"metadata":{"x":1},"other":2}]""")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"data-weather","data":{"x":1}},{"type":"data-x"}]}]""")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"file","mediaType":"image/png","url":"data:image/png;base64,AAAA"}]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"source-url","sourceId":"s","url":"u"},{"type":"source-document","sourceId":"s","mediaType":"m","title":"t"}]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","toolCallId":"c","state":"output-available","output":null}]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"dynamic-tool","toolName":"x","toolCallId":"c","state":"input-available","input":{}}]}]""")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","toolCallId":"c","state":"output-error","errorText":"e"}]}]""")]
    public void A_client_s_messages_are_taken_as_they_are(string messages)
    {
        var (read, violations) = Read(messages);

        Assert.Empty(violations);
        var original = JsonElement.Parse(messages)[0].GetProperty("parts").GetRawText();
        Assert.Equal(original, Assert.Single(read).Parts);
    }

    [Theory]
    [InlineData("{}", "messages", "must be an array")]
    [InlineData("[]", "messages", "must not be empty")]
    [InlineData("[1]", "messages[0]", "must be an object")]
    [InlineData("""[{"role":"user","parts":[{"type":"text","text":"x"}]}]""", "messages[0].id", "must be a string")]
    [InlineData("""[{"role":"user","content":"hi"}]""", "messages[0].content", "OpenAI-shaped")]
    [InlineData("""[{"role":"system","content":"hi"}]""", "messages[0].content", "OpenAI-shaped")]
    [InlineData("""[{"id":"a","role":"system","parts":[{"type":"text","text":"x"}]}]""", "messages[0].role", "Put it there.")]
    [InlineData("""[{"id":"a","role":"tool","parts":[{"type":"text","text":"x"}]}]""", "messages[0].role", "user or assistant")]
    [InlineData("""[{"id":"a","role":"developer","parts":[{"type":"text","text":"x"}]}]""", "messages[0].role", "user or assistant")]
    [InlineData("""[{"id":"a","parts":[{"type":"text","text":"x"}]}]""", "messages[0].role", "user or assistant")]
    [InlineData("""[{"id":"a","role":"user"}]""", "messages[0].parts", "must be an array")]
    [InlineData("""[{"id":"a","role":"user","parts":"hi"}]""", "messages[0].parts", "must be an array")]
    [InlineData("""[{"id":"a","role":"user","parts":[]}]""", "messages[0].parts", "must not be empty")]
    [InlineData("""[{"id":"a","role":"user","parts":["hi"]}]""", "messages[0].parts[0]", "must be an object")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"text":"hi"}]}]""", "messages[0].parts[0].type", "must be a string")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"text","text":"x"},{"type":"image"}]}]""", "messages[0].parts[1].type", "\"image\" is not a part")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"image_url"}]}]""", "messages[0].parts[0].type", "not a part")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"tool-invocation","toolCallId":"c","state":"input-available"}]}]""", "messages[0].parts[0].type", "not a part")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"data-"}]}]""", "messages[0].parts[0].type", "not a part")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"text"}]}]""", "messages[0].parts[0].text", "must be a string")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"text","text":"12345678901"}]}]""", "messages[0].parts[0].text", "at most 10 characters")]
    [InlineData("""[{"id":"a","role":"user","parts":[{"type":"file","url":"u"}]}]""", "messages[0].parts[0].mediaType", "must be a string")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","state":"input-available"}]}]""", "messages[0].parts[0].toolCallId", "must be a string")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","toolCallId":"c","state":"done"}]}]""", "messages[0].parts[0].state", "must be one of")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","toolCallId":"c","state":"output-available"}]}]""", "messages[0].parts[0].output", "needs its output")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"tool-x","toolCallId":"c","state":"output-error"}]}]""", "messages[0].parts[0].errorText", "must be a string")]
    [InlineData("""[{"id":"a","role":"assistant","parts":[{"type":"dynamic-tool","toolCallId":"c","state":"input-available"}]}]""", "messages[0].parts[0].toolName", "must be a string")]
    [InlineData("[1,2,3,4]", "messages", "at most 3 messages")]
    public void Anything_else_is_refused_where_it_is_wrong(string messages, string path, string message)
    {
        var (_, violations) = Read(messages);

        var violation = Assert.Single(violations);
        Assert.Equal(path, violation.Path);
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "tools", "not an array")]
    [InlineData("1", "tools", "must be an object")]
    [InlineData("""{"a b":{"inputSchema":{}}}""", "tools", "name")]
    [InlineData("""{"a":[]}""", "tools.a", "must be an object")]
    [InlineData("""{"a":{"parameters":{}}}""", "tools.a.inputSchema", "JSON Schema")]
    [InlineData("""{"a":{"inputSchema":{},"description":1}}""", "tools.a.description", "must be a string")]
    public void Tools_are_an_object_keyed_by_name(string tools, string path, string message)
    {
        var fields = new Fields(JsonElement.Parse($$"""{ "tools": {{tools}} }"""), Limits);

        ToolSpecs.Read(fields);

        var violation = Assert.Single(Assert.Throws<RequestException>(fields.Verify).Violations!);
        Assert.Equal(path, violation.Path);
        Assert.Contains(message, violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_is_passed_on()
    {
        var fields = new Fields(JsonElement.Parse("""{ "tools": { "w": { "description": "d", "inputSchema": {"type":"object"} } } }"""), Limits);

        Assert.Equal(new ToolSpec("w", "d", """{"type":"object"}"""), Assert.Single(ToolSpecs.Read(fields)));
    }

    private static (IReadOnlyList<UiMessage> Messages, IReadOnlyList<Violation> Violations) Read(string messages)
    {
        var fields = new Fields(JsonElement.Parse("{}"), Limits);
        var read = new UiMessages(fields, "Put it there.").List(JsonElement.Parse(messages), "messages");
        return (read, fields.Sound ? [] : Assert.Throws<RequestException>(fields.Verify).Violations!);
    }
}
