using System.Buffers;
using System.Text.Json;

namespace Informer.Ai.Streaming;

/// <summary>
/// The input that a model made up for a tool, as a JSON value. Clients parse chunks with a guard against
/// prototype pollution that fails the whole stream, so the keys it looks for are dropped.
/// </summary>
internal static class ToolInput
{
    public static void Write(Utf8JsonWriter json, string input)
    {
        // Into a buffer of its own: what turns out not to be JSON half-way must leave nothing behind.
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var document = JsonDocument.Parse(input);
            using (var copy = new Utf8JsonWriter(buffer))
            {
                Copy(copy, document.RootElement);
            }

            json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // A model may write anything. The client's own schema check says what is wrong with a text.
            json.WriteStringValue(input);
        }
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject().Where(property => !Polluting(property)))
                {
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Copy(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static bool Polluting(JsonProperty property) =>
        property.NameEquals("__proto__"u8)
        || (property.NameEquals("constructor"u8)
            && property.Value.ValueKind == JsonValueKind.Object
            && property.Value.TryGetProperty("prototype"u8, out _));
}
