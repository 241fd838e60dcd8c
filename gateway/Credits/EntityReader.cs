using System.Text.Json;
using Informer.Ai.Requests;
using Microsoft.AspNetCore.Http;

namespace Informer.Ai.Credits;

/// <summary>Reads the app or dataset that a request is made for.</summary>
internal static class EntityReader
{
    public const int IdMax = 200;
    private const string Header = "x-informer-entity";

    /// <summary>The types of entities that can have a budget.</summary>
    public static IReadOnlyList<string> Types { get; } = ["app", "dataset"];

    /// <summary>The field <c>entity</c>; null clears it.</summary>
    public static EntityRef? Read(Fields fields, EntityRef? absent)
    {
        if (fields.Find("entity") is not { } value)
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object && Of(Text(value, "type"), Text(value, "id")) is { } entity)
        {
            return entity;
        }

        fields.Refuse("entity", """entity must be { "type": "app" or "dataset", "id": "…" }.""");
        return absent;
    }

    /// <summary>The field <c>entity</c>, or else the header <c>x-informer-entity: app:&lt;id&gt;</c>.</summary>
    public static EntityRef? Read(Fields fields, HttpRequest request)
    {
        var header = request.Headers[Header].ToString();
        if (header.Length == 0 || fields.Value("entity") is not null)
        {
            return Read(fields, absent: null);
        }

        var split = header.IndexOf(':', StringComparison.Ordinal);
        var entity = split > 0 ? Of(header[..split], header[(split + 1)..]) : null;
        if (entity is null)
        {
            fields.Refuse(Header, $"{Header} must be app:<id> or dataset:<id>.");
        }

        return entity;
    }

    private static EntityRef? Of(string? type, string? id) =>
        type is not null && Types.Contains(type) && id?.Length is > 0 and <= IdMax ? new EntityRef(type, id) : null;

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;
}
