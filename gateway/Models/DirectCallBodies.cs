using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Models;

/// <summary>The body that asks for embeddings.</summary>
internal sealed record EmbedBody(ImmutableArray<string> Texts, EntityRef? Entity)
{
    private const int TextsMax = 2_048;

    public static async ValueTask<EmbedBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new EmbedBody(Input(fields), EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }

    private static ImmutableArray<string> Input(Fields fields)
    {
        switch (fields.Value("input"))
        {
            case { ValueKind: JsonValueKind.String }:
                return [fields.RequiredText("input", fields.Limits.TextCharactersMax)];
            case { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() is > 0 and <= TextsMax:
                return [.. several.EnumerateArray().Select((text, at) => Text(fields, text, $"input[{at}]"))];
            default:
                fields.Refuse("input", $"input must be a text or an array of 1 to {TextsMax} texts.");
                return [];
        }
    }

    private static string Text(Fields fields, JsonElement value, string path)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.Length == 0 || text.Length > fields.Limits.TextCharactersMax)
        {
            fields.Refuse(path, $"A text has 1 to {fields.Limits.TextCharactersMax} characters.");
        }

        return text;
    }
}

/// <summary>The body that asks for images.</summary>
internal sealed partial record ImageBody(string Prompt, int Count, int? Width, int? Height, EntityRef? Entity)
{
    private const int CountMax = 10;
    private const int PromptMax = 32_000;

    public static async ValueTask<ImageBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var prompt = fields.RequiredText("prompt", Math.Min(PromptMax, fields.Limits.TextCharactersMax));
        var count = fields.Value("n") is null ? 1 : (int)(fields.Whole("n", 1, CountMax, 1) ?? 1);
        var (width, height) = Size(fields);
        var body = new ImageBody(prompt, count, width, height, EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }

    private static (int? Width, int? Height) Size(Fields fields)
    {
        var text = fields.Text("size", 20);
        if (string.IsNullOrEmpty(text) || text == "auto")
        {
            return default;
        }

        if (Pixels().Match(text) is { Success: true } pixels)
        {
            return (Number(pixels, 1), Number(pixels, 2));
        }

        fields.Refuse("size", "size must be <width>x<height> in pixels, such as 1024x1024.");
        return default;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([1-9][0-9]{1,3})x([1-9][0-9]{1,3})$")]
    private static partial Regex Pixels();
}

/// <summary>The body that asks for a JSON value.</summary>
internal sealed record ObjectBody(ImmutableArray<PromptMessage> Messages, string Schema, string OutputSize, EntityRef? Entity)
{
    public static async ValueTask<ObjectBody?> BindAsync(HttpContext context)
    {
        var fields = await JsonBody.Read(context);
        var body = new ObjectBody(
            InvocationBody.ReadMessages(fields),
            ReadSchema(fields),
            fields.Choice("outputSize", Chats.OutputSize.Medium, Chats.OutputSize.All)!,
            EntityReader.Read(fields, context.Request));
        fields.Verify();
        return body;
    }

    private static string ReadSchema(Fields fields)
    {
        if (fields.Value("schema") is { ValueKind: JsonValueKind.Object } schema)
        {
            return schema.GetRawText();
        }

        fields.Refuse("schema", "schema is required: a JSON Schema.");
        return "{}";
    }
}

/// <summary>Asks for embeddings, as the API description shows it.</summary>
/// <param name="Input">A text or an array of texts.</param>
public sealed record EmbedTextsRequest(JsonNode Input, EntityResponse? Entity);

/// <summary>Asks for images, as the API description shows it.</summary>
/// <param name="Size">Such as 1024x1024.</param>
public sealed record MakeImagesRequest(string Prompt, int? N, string? Size, EntityResponse? Entity);

/// <summary>Asks for a JSON value, as the API description shows it.</summary>
/// <param name="Schema">A JSON Schema.</param>
public sealed record MakeObjectRequest(JsonArray Messages, JsonObject Schema, string? OutputSize, EntityResponse? Entity);
