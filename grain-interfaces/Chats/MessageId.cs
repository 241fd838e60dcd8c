using System.Diagnostics.CodeAnalysis;

namespace Informer.Ai.Chats;

/// <summary>A message of a chat.</summary>
[GenerateSerializer, Immutable, Alias("message-id")]
public readonly record struct MessageId([property: Id(0)] Guid Value)
{
    /// <summary>Reads the form that <see cref="ToString"/> writes; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new MessageId(value);
        return parsed;
    }

    /// <summary>The opaque form that callers see: 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
