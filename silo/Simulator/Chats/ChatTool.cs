using System.Text.Json;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Chats;

/// <summary>A function that the answer may call.</summary>
internal sealed record ChatTool(string Name, string Json, JsonElement? Parameters)
{
    /// <summary>Null for a kind of tool that is no function.</summary>
    public static ChatTool? Read(JsonElement tool) =>
        tool.Find("function") is { } function && function.Text("name") is { } name
            ? new ChatTool(name, function.GetRawText(), function.Find("parameters"))
            : null;
}

/// <summary>Whether a tool may or has to be called, and which.</summary>
internal readonly record struct ToolChoice(bool Forbidden, bool Required, string? Name)
{
    public static ToolChoice Read(JsonElement? choice) => choice switch
    {
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("none") => new(true, false, null),
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("required") => new(false, true, null),
        { ValueKind: JsonValueKind.Object } named => new(false, true, named.Find("function")?.Text("name")),
        _ => default,
    };
}
