using System.Diagnostics.CodeAnalysis;

namespace Informer.Ai.Credits;

/// <summary>A hold on credits, and with it the one metered operation that it pays for. Made by the service, never by a caller.</summary>
[GenerateSerializer, Immutable, Alias("hold-id")]
public readonly record struct HoldId([property: Id(0)] Guid Value)
{
    /// <summary>Reads the form that <see cref="ToString"/> writes; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out HoldId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new HoldId(value);
        return parsed;
    }

    /// <summary>The opaque form that callers see: 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
