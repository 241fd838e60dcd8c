using System.Diagnostics.CodeAnalysis;

namespace Informer.Ai.Chats;

/// <summary>One answer of a model. Its hold on credits carries the same value.</summary>
[GenerateSerializer, Immutable, Alias("turn-id")]
public readonly record struct TurnId([property: Id(0)] Guid Value)
{
    /// <summary>Reads the form that <see cref="ToString"/> writes; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TurnId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new TurnId(value);
        return parsed;
    }

    /// <summary>The hold that pays for this turn: the same operation, so the same value.</summary>
    public Credits.HoldId Hold => new(Value);

    /// <summary>The opaque form that callers see: 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
