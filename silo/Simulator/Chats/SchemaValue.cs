using System.Text.Json;

namespace Informer.Ai.Simulator.Chats;

/// <summary>A string or number within the bounds that its schema sets.</summary>
internal static class SchemaValue
{
    private const int UsualRange = 100;

    public static string Text(JsonElement schema, string name, ulong seed)
    {
        if (schema.TryGetProperty("format", out var format) && OfFormat(format.GetString(), seed) is { } formatted)
        {
            return formatted;
        }

        var text = $"Sample {name}";
        if (Whole(schema, "minLength") is { } least)
        {
            text = text.PadRight(least, '.');
        }

        return Whole(schema, "maxLength") is { } most && most < text.Length ? text[..most] : text;
    }

    public static decimal Number(JsonElement schema, ulong seed, bool whole)
    {
        var step = Bound(schema, "multipleOf") is { } multiple and > 0 ? multiple : whole ? 1m : 0.01m;
        var least = Bound(schema, "minimum") ?? Bound(schema, "exclusiveMinimum") + step;
        var most = Bound(schema, "maximum") ?? Bound(schema, "exclusiveMaximum") - step;
        var from = least ?? (most < 0 ? most.Value - UsualRange : 0m);
        var upTo = Math.Min(most ?? from + UsualRange, from + UsualRange);
        var first = Math.Ceiling(from / step);
        var choices = Math.Max(1m, Math.Floor(upTo / step) - first + 1);
        return (first + (seed % (ulong)choices)) * step;
    }

    public static int? Whole(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : null;

    private static decimal? Bound(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            ? number
            : null;

    private static string? OfFormat(string? format, ulong seed) => format switch
    {
        "date" => Date(seed).ToString("yyyy-MM-dd", null),
        "date-time" => Date(seed).ToString("yyyy-MM-ddTHH:mm:ssZ", null),
        "time" => "09:30:00Z",
        "duration" => "PT1H",
        "email" => "sample@example.com",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" => "https://example.com/",
        "uuid" => $"00000000-0000-4000-8000-{seed & 0xFFFFFFFFFFFF:x12}",
        _ => null,
    };

    private static DateTime Date(ulong seed) => new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(seed % 365);
}
