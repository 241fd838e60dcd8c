using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Informer.Ai.Chats;

/// <summary>The UI message parts of an answer as it grows.</summary>
internal sealed class AnswerParts
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonArray _closed;
    private readonly StringBuilder _text = new();
    private TextKind? _open;

    /// <param name="continues">The JSON array of an earlier answer that this one goes on from.</param>
    public AnswerParts(string? continues) =>
        _closed = continues is null ? [] : JsonNode.Parse(continues) as JsonArray ?? [];

    /// <summary>The kind of the part that text is being added to; null when none is open.</summary>
    public TextKind? Open => _open;

    /// <summary>A step, text, tool call or reasoning of this answer is there.</summary>
    public bool Any { get; private set; }

    public void BeginStep() => _closed.Add(new JsonObject { ["type"] = "step-start" });

    public void BeginText(TextKind kind)
    {
        _open = kind;
        _text.Clear();
    }

    public void Append(ReadOnlySpan<char> text)
    {
        Any = true;
        _text.Append(text);
    }

    /// <summary>Closes the open text part, if any.</summary>
    public void EndText()
    {
        if (_open is not null)
        {
            _closed.Add(OpenPart("done"));
            _open = null;
        }
    }

    public void AddToolCall(string callId, string tool, string input)
    {
        Any = true;
        _closed.Add(new JsonObject
        {
            ["type"] = $"tool-{tool}",
            ["toolCallId"] = callId,
            ["state"] = "input-available",
            ["input"] = JsonNode.Parse(input),
        });
    }

    /// <summary>The parts so far as a JSON array.</summary>
    public string ToJson()
    {
        if (_open is null)
        {
            return _closed.ToJsonString(Json);
        }

        _closed.Add(OpenPart("streaming"));
        var json = _closed.ToJsonString(Json);
        _closed.RemoveAt(_closed.Count - 1);
        return json;
    }

    private JsonObject OpenPart(string state) => new()
    {
        ["type"] = _open == TextKind.Reasoning ? "reasoning" : "text",
        ["text"] = _text.ToString(),
        ["state"] = state,
    };
}
