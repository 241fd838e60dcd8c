using System.Collections.Immutable;
using System.Text.Json;
using Informer.Ai.Errors;

namespace Informer.Ai.Requests;

/// <summary>
/// The fields of a JSON object, read one by one; what is wrong with them is collected and refused together.
/// Each reader takes what to answer for an absent field. Fields that nobody reads are ignored.
/// </summary>
internal sealed class Fields(JsonElement body, GatewayOptions limits)
{
    // A body of two thousand wrong messages is answered with the first of its faults.
    private const int ViolationsMax = 50;

    private readonly List<Violation> violations = [];

    /// <summary>The limits in force.</summary>
    public GatewayOptions Limits => limits;

    /// <summary>Nothing is wrong so far.</summary>
    public bool Sound => violations.Count == 0;

    /// <summary>The value of a field; null when it is absent. JSON's null is a value.</summary>
    public JsonElement? Find(string name) => body.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The value of a field; null when it is absent or null.</summary>
    public JsonElement? Value(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    /// <summary>Notes that a field is wrong.</summary>
    public void Refuse(string path, string message)
    {
        if (violations.Count < ViolationsMax)
        {
            violations.Add(new Violation(path, message));
        }
    }

    /// <summary>Goes on only if nothing was wrong.</summary>
    /// <exception cref="RequestException">Something was.</exception>
    public void Verify()
    {
        if (violations.Count > 0)
        {
            throw new RequestException(
                400,
                violations.Count == 1 ? violations[0].Message : $"The request is invalid in {violations.Count} places.",
                ErrorCodes.Invalid,
                violations);
        }
    }

    /// <summary>A text that null clears.</summary>
    public string? Text(string name, int charactersMax, string? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.Null ? null : Checked(name, value, charactersMax);
    }

    /// <summary>A text that must not be empty or null.</summary>
    public string RequiredText(string name, int charactersMax, string? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? Refused(name, $"{name} is required.");
        }

        var text = Checked(name, value, charactersMax);
        return text.Length > 0 || value.ValueKind != JsonValueKind.String ? text : Refused(name, $"{name} must not be empty.");
    }

    /// <summary>One of a few words; null is taken as absent where there is something to fall back on.</summary>
    public string? Choice(string name, string? absent, params IReadOnlyList<string> choices)
    {
        if (Value(name) is not { } value)
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.String && choices.Contains(value.GetString()!)
            ? value.GetString()
            : Refused(name, $"{name} must be one of: {string.Join(", ", choices)}.");
    }

    /// <summary>True or false; null is taken as absent.</summary>
    public bool Flag(string name, bool absent)
    {
        switch (Value(name)?.ValueKind)
        {
            case null:
                return absent;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Refuse(name, $"{name} must be true or false.");
                return absent;
        }
    }

    /// <summary>A list of texts, each once; null is taken as empty.</summary>
    public ImmutableArray<string> Texts(string name, ImmutableArray<string> absent, IReadOnlyList<string>? choices = null)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [];
        var sound = value.ValueKind is JsonValueKind.Array or JsonValueKind.Null && items.Count <= limits.PageMax
            && items.TrueForAll(item => item.ValueKind == JsonValueKind.String
                && (choices is null ? item.GetString()!.Length is > 0 and <= 200 : choices.Contains(item.GetString()!)));
        if (!sound)
        {
            Refuse(name, choices is null
                ? $"{name} must be an array of at most {limits.PageMax} ids."
                : $"{name} must be an array of: {string.Join(", ", choices)}.");
            return absent;
        }

        return [.. items.Select(item => item.GetString()!).Distinct()];
    }

    /// <summary>A whole number within bounds, or null where it is given as null.</summary>
    public long? Whole(string name, long min, long max, long? absent)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, $"{name} must be a whole number from {min} to {max}.");
        return absent;
    }

    /// <summary>An exact number within bounds; null is not one.</summary>
    public decimal Number(string name, decimal min, decimal max, decimal absent)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, $"{name} must be a number from {min} to {max}.");
        return absent;
    }

    /// <summary>A moment in ISO 8601, or null where it is given as null.</summary>
    public DateTimeOffset? Time(string name, DateTimeOffset? absent)
    {
        if (Find(name) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var moment))
        {
            return moment.ToUniversalTime();
        }

        Refuse(name, $"{name} must be a time such as 2026-05-23T12:00:00Z.");
        return absent;
    }

    private string Checked(string name, JsonElement value, int charactersMax)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return Refused(name, $"{name} must be a string.");
        }

        var text = value.GetString()!;
        return text.Length <= charactersMax ? text : Refused(name, $"{name} must have at most {charactersMax} characters.");
    }

    private string Refused(string name, string message)
    {
        Refuse(name, message);
        return "";
    }
}
