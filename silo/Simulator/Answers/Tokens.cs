using Microsoft.ML.Tokenizers;

namespace Informer.Ai.Simulator.Answers;

/// <summary>The o200k vocabulary: counts texts and cuts them into pieces.</summary>
internal static class Tokens
{
    // Pair merging is quadratic in the length of a word: 64 KB without a space take over a second,
    // 256 characters take microseconds. Ordinary words never reach the limit, so their count is exact.
    private const int WordMax = 256;
    private const int SliceMin = 2_048;

    private static readonly TiktokenTokenizer Vocabulary = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>Loads the vocabulary before the first request has to wait for it.</summary>
    public static void WarmUp() => Count("ready");

    public static int Count(string text)
    {
        var count = 0;
        foreach (var slice in Slices(text))
        {
            count += Vocabulary.CountTokens(text.AsSpan(slice));
        }

        return count;
    }

    public static List<Piece> Pieces(string text)
    {
        var pieces = new List<Piece>();
        foreach (var slice in Slices(text))
        {
            AddPieces(pieces, text[slice]);
        }

        return pieces;
    }

    /// <summary>At most the first <paramref name="tokensMax"/> tokens of the text, on one line.</summary>
    public static string Head(string text, int tokensMax)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var end = Vocabulary.GetIndexByTokenCount(line.AsSpan(0, Math.Min(line.Length, SliceMin)), tokensMax, out _, out _);
        if (end > 0 && end < line.Length && char.IsHighSurrogate(line[end - 1]))
        {
            end--;
        }

        return end < line.Length ? line[..end].TrimEnd() + " …" : line;
    }

    public static string Text(IReadOnlyList<int> ids)
    {
        try
        {
            return Vocabulary.Decode(ids) ?? "";
        }
        catch (Exception exception) when (exception is ArgumentException or KeyNotFoundException)
        {
            // An id outside the vocabulary still has to give a vector, and the same one every time.
            return string.Join(' ', ids);
        }
    }

    private static void AddPieces(List<Piece> pieces, string slice)
    {
        int start = 0, end = 0, tokens = 0;
        foreach (var token in Vocabulary.EncodeToTokens(slice, out _))
        {
            var from = token.Offset.Start.Value;
            // Tokens that share a character overlap, and belong to one piece.
            if (tokens > 0 && from >= end)
            {
                pieces.Add(new Piece(slice.AsSpan(start, end - start), tokens));
                (start, tokens) = (end, 0);
            }

            end = Math.Max(end, token.Offset.End.Value);
            tokens++;
        }

        if (tokens > 0)
        {
            pieces.Add(new Piece(slice.AsSpan(start), tokens));
        }
    }

    private static IEnumerable<Range> Slices(string text)
    {
        int start = 0, word = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                word = at;
                if (at - start < SliceMin)
                {
                    continue;
                }
            }
            else if (at - word < WordMax || char.IsLowSurrogate(text[at]))
            {
                continue;
            }

            yield return start..at;
            start = word = at;
        }

        if (start < text.Length)
        {
            yield return start..;
        }
    }
}
