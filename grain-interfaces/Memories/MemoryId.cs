using System.Diagnostics.CodeAnalysis;

namespace Informer.Ai.Memories;

/// <summary>A memory of a user.</summary>
[GenerateSerializer, Immutable, Alias("memory-id")]
public readonly record struct MemoryId([property: Id(0)] Guid Value)
{
    /// <summary>Reads the form that <see cref="ToString"/> writes; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemoryId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new MemoryId(value);
        return parsed;
    }

    /// <summary>The opaque form that callers see: 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
