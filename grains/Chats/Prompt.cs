using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Models;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Informer.Ai.Chats;

/// <summary>Turns UI messages into what a model is sent, and counts it.</summary>
internal static class Prompt
{
    // The framing that OpenAI's models put around each message.
    private const int TokensPerMessage = 4;

    // An image of the usual sizes counts 85 to 1,105 tokens at OpenAI, by its tiles; others count by their pixels
    // and end near that. The most of it is held, and the provider's report is what is charged.
    private const int TokensPerImage = 1_105;

    // A page of a document is a few hundred tokens of text and its picture; a kilobyte of it is seldom more than this.
    private const int TokensPerFile = 1_000;
    private const int TokensPerKilobyte = 100;

    /// <summary>A system message, or none for an empty text.</summary>
    public static IEnumerable<AiMessage> System(params string?[] texts)
    {
        var text = string.Join("\n\n", texts.Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length == 0 ? [] : [new(ChatRole.System, text)];
    }

    /// <summary>
    /// The messages of one UI message: an answer with tool results becomes a call and a result message for each of
    /// its steps. A call that was never answered is left out, since no provider accepts it.
    /// </summary>
    /// <param name="role">user, assistant or system.</param>
    /// <param name="parts">JSON array of UI message parts.</param>
    public static IEnumerable<AiMessage> Messages(string role, string parts)
    {
        var chatRole = new ChatRole(role);
        List<AIContent> contents = [];
        List<AIContent> results = [];
        foreach (var part in JsonNode.Parse(parts)!.AsArray().OfType<JsonObject>())
        {
            switch (Text(part, "type"))
            {
                case "text" when Text(part, "text") is { Length: > 0 } text:
                    contents.Add(new TextContent(text));
                    break;
                case "file" when Text(part, "url") is { } url && Text(part, "mediaType") is { } mediaType:
                    contents.Add(url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
                        ? new DataContent(url, mediaType)
                        : new UriContent(url, mediaType));
                    break;
                case "step-start":
                    foreach (var message in Step(chatRole, contents, results))
                    {
                        yield return message;
                    }

                    (contents, results) = ([], []);
                    break;
                case { } type when ToolPart.Read(part, type) is { IsAnswered: true } tool:
                    contents.Add(new FunctionCallContent(tool.CallId, tool.Tool, Arguments(tool.Input)));
                    results.Add(new FunctionResultContent(tool.CallId, tool.Result));
                    break;
                default:
                    break;
            }
        }

        foreach (var message in Step(chatRole, contents, results))
        {
            yield return message;
        }
    }

    /// <summary>The tools of the client as the model is told of them.</summary>
    public static IList<AITool> Tools(ImmutableArray<ToolSpec> tools) =>
    [
        .. tools.Select(tool => AIFunctionFactory.CreateDeclaration(
            tool.Name, tool.Description ?? "", JsonElement.Parse(tool.InputSchema))),
    ];

    /// <summary>What messages count in a prompt.</summary>
    public static int Count(TokenCounter counter, IEnumerable<AiMessage> messages) =>
        messages.Sum(message => TokensPerMessage + message.Contents.Sum(content => content switch
        {
            TextContent text => counter.Count(text.Text),
            FunctionCallContent call => counter.Count(call.Name) + counter.Count(JsonSerializer.Serialize(call.Arguments)),
            FunctionResultContent result => counter.Count(result.Result?.ToString() ?? ""),
            DataContent file => Count(counter, file),
            UriContent file when file.HasTopLevelMediaType("image") => TokensPerImage,
            _ => TokensPerFile,
        }));

    /// <summary>A message has a file or an image.</summary>
    public static bool HasFiles(IEnumerable<AiMessage> messages) =>
        messages.Any(message => message.Contents.Any(content => content is DataContent or UriContent));

    /// <summary>The messages for a model that takes no files; what was only files is left out.</summary>
    public static IEnumerable<AiMessage> WithoutFiles(IEnumerable<AiMessage> messages) =>
        messages
            .Select(message => HasFiles([message])
                ? new AiMessage(message.Role, [.. message.Contents.Where(content => content is not (DataContent or UriContent))])
                : message)
            .Where(message => message.Contents.Count > 0);

    /// <summary>What tools count in a prompt.</summary>
    public static int Count(TokenCounter counter, ImmutableArray<ToolSpec> tools) =>
        tools.Sum(tool => TokensPerMessage + counter.Count(tool.Name) + counter.Count(tool.Description) + counter.Count(tool.InputSchema));

    private static int Count(TokenCounter counter, DataContent file) => file switch
    {
        _ when file.HasTopLevelMediaType("image") => TokensPerImage,
        _ when file.HasTopLevelMediaType("text") => counter.Count(Encoding.UTF8.GetString(file.Data.Span)),
        _ => Math.Max(TokensPerFile, file.Data.Length / 1_024 * TokensPerKilobyte),
    };

    private static IEnumerable<AiMessage> Step(
        ChatRole role, List<AIContent> contents, List<AIContent> results)
    {
        if (contents.Count > 0)
        {
            yield return new(role, contents);
        }

        if (results.Count > 0)
        {
            yield return new(ChatRole.Tool, results);
        }
    }

    private static Dictionary<string, object?> Arguments(JsonNode? input) =>
        input is JsonObject values
            ? values.ToDictionary(value => value.Key, value => (object?)(value.Value is { } node ? JsonElement.Parse(node.ToJsonString()) : null))
            : [];

    private static string? Text(JsonObject part, string name) =>
        part[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
