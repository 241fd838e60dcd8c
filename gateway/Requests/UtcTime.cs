using System.Text.Json;
using System.Text.Json.Serialization;

namespace Informer.Ai.Requests;

/// <summary>Writes times as ISO 8601 in UTC with a <c>Z</c>; the framework would write <c>+00:00</c>.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
