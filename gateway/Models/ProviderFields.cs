using System.Text.Json;
using System.Text.Json.Nodes;
using Informer.Ai.Requests;

namespace Informer.Ai.Models;

/// <summary>Reads what the bodies that make and change a provider have in common.</summary>
internal static class ProviderFields
{
    public const int NameMax = 200;

    private const int UrlMax = 2_000;
    private const int KeyMax = 4_000;

    /// <summary>The address as it was given, without what has no place in it; null when there is none.</summary>
    public static string? BaseUrl(Fields fields)
    {
        if (fields.Text("baseUrl", UrlMax) is not { } text)
        {
            return null;
        }

        var sound = Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme is "https" or "http"
            && address is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" };
        if (!sound)
        {
            fields.Refuse("baseUrl", "baseUrl must be an absolute https address without user, query and fragment.");
        }

        return text.TrimEnd('/');
    }

    /// <summary>The key of the credential; null when there is none.</summary>
    public static string? ApiKey(Fields fields)
    {
        if (fields.Value("credential") is not { } credential)
        {
            return null;
        }

        if (credential.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse("credential", "credential must be an object.");
            return null;
        }

        if (Text(credential, "type") != ProviderCredential.ApiKey)
        {
            fields.Refuse("credential.type", $"credential.type must be \"{ProviderCredential.ApiKey}\".");
        }

        var key = Text(credential, "apiKey");
        // It goes into a header, where anything else fails with a message that quotes it.
        if (key is not { Length: > 0 and <= KeyMax } || key.Any(character => character is <= ' ' or > '~'))
        {
            fields.Refuse("credential.apiKey", $"credential.apiKey must be 1 to {KeyMax} visible ASCII characters.");
        }

        return key;
    }

    /// <summary>The JSON Schema of the credential, the same for every type.</summary>
    public static JsonObject CredentialSchema() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = ProviderCredential.ApiKey },
            ["apiKey"] = new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = KeyMax,
                ["pattern"] = "^[!-~]+$",
                ["writeOnly"] = true,
            },
        },
        ["required"] = new JsonArray("type", "apiKey"),
    };

    private static string? Text(JsonElement credential, string name) =>
        credential.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
