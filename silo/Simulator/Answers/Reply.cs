namespace Informer.Ai.Simulator.Answers;

/// <summary>The pieces of one answer: those made for it, then the passage. Nothing is made before it is read.</summary>
internal sealed class Reply
{
    private const int UsualOpeningTokens = 24;
    private const int UsualPassageTokensMin = 24;

    private readonly List<Piece> _opening;
    private readonly int _start;

    private Reply(List<Piece> opening, int start, long passage)
    {
        _opening = opening;
        _start = start;
        Count = opening.Count + passage;
    }

    /// <summary>How many pieces there are.</summary>
    public long Count { get; }

    public Piece this[long index] => index < _opening.Count
        ? _opening[(int)index]
        : index == 0
            ? Passage.OpeningAt(_start)
            : Passage.At(_start, index - _opening.Count);

    public static Reply Exactly(string text) => new(Tokens.Pieces(text), 0, 0);

    public static Reply OfTokens(long tokens, ulong seed) => new([], Passage.Start(seed), tokens);

    /// <summary>Says back what was asked, and fills up.</summary>
    public static Reply About(string question, ulong seed)
    {
        var head = Tokens.Head(question, UsualOpeningTokens);
        var opening = head.Length == 0 ? "There was no question." : $"You wrote: \"{head}\".";
        return Sentences(opening, seed);
    }

    /// <summary>Shows that the result of a tool was read.</summary>
    public static Reply AboutResult(string tool, string result, ulong seed)
    {
        var opening = $"The tool {tool} returned: {Tokens.Head(result, 60)}.";
        return Sentences(opening, seed);
    }

    private static Reply Sentences(string opening, ulong seed)
    {
        var start = Passage.Start(seed);
        return new Reply(Tokens.Pieces(opening), start, Passage.SentencesOf(start, UsualPassageTokensMin));
    }
}
