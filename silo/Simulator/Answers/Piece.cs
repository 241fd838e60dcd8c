using System.Text.Encodings.Web;
using System.Text.Json;

namespace Informer.Ai.Simulator.Answers;

/// <summary>
/// What one chunk of a stream carries: the text of one token, already escaped for a JSON string. A character
/// that the tokenizer splits stays whole, so such a piece counts for several tokens.
/// </summary>
internal sealed class Piece(ReadOnlySpan<char> text, int tokens)
{
    private readonly byte[] _json = Escape(text);

    public ReadOnlySpan<byte> Json => _json;

    public int Tokens { get; } = tokens;

    // As little as possible is escaped, as a provider does it: "ä" travels as two bytes.
    public static byte[] Escape(ReadOnlySpan<char> text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
}
