using Microsoft.ML.Tokenizers;

namespace Informer.Ai.Models;

/// <summary>
/// Counts tokens with the o200k encoding: exact for OpenAI's models, near for others. Long texts are counted in
/// pieces, because the encoding's time grows with the square of an unbroken run.
/// </summary>
public sealed class TokenCounter
{
    private const int PieceLength = 1_000;

    private readonly Lazy<Tokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Loads the encoding; the first count would wait for it otherwise.</summary>
    public void Load() => _ = _tokenizer.Value;

    /// <summary>The number of tokens of a text.</summary>
    public int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (text.Length > 0)
        {
            var piece = text[..PieceOf(text, PieceLength)];
            count += _tokenizer.Value.CountTokens(piece, considerNormalization: false);
            text = text[piece.Length..];
        }

        return count;
    }

    /// <summary>How many characters a piece of at most <paramref name="length"/> takes without halving a surrogate pair.</summary>
    public static int PieceOf(ReadOnlySpan<char> text, int length) =>
        text.Length <= length ? text.Length : char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
