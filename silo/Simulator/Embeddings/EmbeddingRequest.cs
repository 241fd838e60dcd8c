using System.Text.Json;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Serving;

namespace Informer.Ai.Simulator.Embeddings;

/// <summary>What an embedding is asked of: one text or several, as text or as tokens.</summary>
internal sealed record EmbeddingRequest(string? Model, IReadOnlyList<string> Inputs, int? Dimensions, bool AsBase64)
{
    private const int InputsMax = 2_048;
    private const int DimensionsMax = 8_192;

    public static EmbeddingRequest Read(JsonElement body)
    {
        var inputs = ReadInputs(body);
        if (inputs.Count is 0 or > InputsMax)
        {
            throw new InvalidRequestException("input", $"'input' has to hold from 1 to {InputsMax} texts.");
        }

        return new EmbeddingRequest(
            body.Text("model"), inputs, body.Number("dimensions", DimensionsMax), body.Text("encoding_format") == "base64");
    }

    private static List<string> ReadInputs(JsonElement body) => body.Find("input") switch
    {
        { ValueKind: JsonValueKind.String } text => [text.TextValue("input")],
        { ValueKind: JsonValueKind.Array } tokens when IsTokens(tokens) => [OfTokens(tokens)],
        { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Select(ReadInput)],
        _ => throw new InvalidRequestException("input", "'input' has to be a text, an array of texts, or tokens."),
    };

    private static string ReadInput(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => input.TextValue("input"),
        JsonValueKind.Array when IsTokens(input) => OfTokens(input),
        _ => throw new InvalidRequestException("input", "Every 'input' has to be a text or tokens."),
    };

    private static bool IsTokens(JsonElement input) =>
        input.GetArrayLength() > 0 && input.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out _));

    private static string OfTokens(JsonElement input) => Tokens.Text([.. input.EnumerateArray().Select(token => token.GetInt32())]);
}
