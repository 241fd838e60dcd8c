using System.Text.Json;

namespace Informer.Ai.Simulator.Serving;

/// <summary>Reads the fields of a request; one of the wrong kind is refused by name, an absent one or a null is null.</summary>
internal static class Field
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) => element.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.TextValue(name),
        _ => throw new InvalidRequestException(name, $"'{name}' has to be a string."),
    };

    public static bool Flag(this JsonElement element, string name) => element.Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new InvalidRequestException(name, $"'{name}' has to be a boolean."),
    };

    /// <summary>A whole number from 1 up to the limit.</summary>
    public static int? Number(this JsonElement element, string name, int max = int.MaxValue) => element.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 1 && value <= max => value,
        _ => throw new InvalidRequestException(name, $"'{name}' has to be a whole number from 1 to {max}."),
    };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        _ => throw new InvalidRequestException(name, $"'{name}' has to be an array."),
    };

    public static IReadOnlyDictionary<string, string>? Texts(this JsonElement element, string name) => element.Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject()
            .GroupBy(pair => pair.Name)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value.ToString()),
        _ => throw new InvalidRequestException(name, $"'{name}' has to be an object."),
    };

    public static string TextValue(this JsonElement element, string name)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no text.
            throw new InvalidRequestException(name, $"'{name}' is not valid Unicode.");
        }
    }
}
