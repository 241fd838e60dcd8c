using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Informer.Ai.Requests;

namespace Informer.Ai.Chats;

/// <summary>Reads the tools that a client offers to the model.</summary>
internal static partial class ToolSpecs
{
    private const int ToolsMax = 128;
    private const string Shape = "{ \"<name>\": { description, inputSchema } }";

    /// <summary>The field <c>tools</c>; none when it is absent or null.</summary>
    public static ImmutableArray<ToolSpec> Read(Fields fields)
    {
        if (fields.Value("tools") is not { } tools)
        {
            return [];
        }

        if (tools.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse("tools", tools.ValueKind == JsonValueKind.Array
                ? $"tools must be an object keyed by tool name and not an array: {Shape}."
                : $"tools must be an object: {Shape}.");
            return [];
        }

        var specs = tools.EnumerateObject().Select(tool => One(fields, tool)).OfType<ToolSpec>().ToImmutableArray();
        if (specs.Length > ToolsMax)
        {
            fields.Refuse("tools", $"There must be at most {ToolsMax} tools.");
        }

        return specs;
    }

    private static ToolSpec? One(Fields fields, JsonProperty tool)
    {
        if (!Name().IsMatch(tool.Name))
        {
            fields.Refuse("tools", "A tool's name must have 1 to 64 of the characters a-z, A-Z, 0-9, _ and -.");
            return null;
        }

        var path = $"tools.{tool.Name}";
        if (tool.Value.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse(path, "A tool must be an object: { description, inputSchema }.");
            return null;
        }

        if (!tool.Value.TryGetProperty("inputSchema", out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse($"{path}.inputSchema", "inputSchema must be a JSON Schema object.");
            return null;
        }

        var description = tool.Value.TryGetProperty("description", out var text) ? text : default;
        if (description.ValueKind is not (JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            fields.Refuse($"{path}.description", "description must be a string.");
            return null;
        }

        return new ToolSpec(
            tool.Name,
            description.ValueKind == JsonValueKind.String ? description.GetString() : null,
            schema.GetRawText());
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}
