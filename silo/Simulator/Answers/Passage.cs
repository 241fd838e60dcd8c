namespace Informer.Ai.Simulator.Answers;

/// <summary>
/// The text that fills an answer up to its length. It repeats without end, and each of its words is one token,
/// so an answer of N pieces is also N tokens to whoever counts its text.
/// </summary>
internal static class Passage
{
    public const string Text =
        " A good answer begins with the question and ends with something that you can use."
        + " The first thing to know is how much time there is and who will read the result."
        + " After that it helps to write down what is already known and what is still open."
        + " Most plans change when the work begins, so leave some room for what you learn on the way."
        + " Small steps are easy to check and easy to take back."
        + " When two ways look the same, choose the one that is simple to explain."
        + " Numbers should come with their source, and a guess should be called a guess."
        + " If something looks wrong, say so early, because a late surprise costs more than an early question."
        + " In the end the best test is to let another person try it and to watch without speaking.";

    private static readonly Piece[] Pieces = [.. Tokens.Pieces(Text)];
    private static readonly int[] Sentences = SentenceStarts();
    private static readonly Piece[] Openings = [.. Sentences.Select(Opening)];

    /// <summary>Where an answer with this seed starts reading.</summary>
    public static int Start(ulong seed) => Sentences[seed % (ulong)Sentences.Length];

    public static Piece At(int start, long index) => Pieces[(start + index) % Pieces.Length];

    /// <summary>The first piece of the sentence at <paramref name="start"/>, without the blank before it.</summary>
    public static Piece OpeningAt(int start) => Openings[Array.IndexOf(Sentences, start)];

    /// <summary>How many pieces it takes from <paramref name="start"/> to the end of a sentence, at least so many.</summary>
    public static int SentencesOf(int start, int piecesMin)
    {
        var count = piecesMin;
        while (!At(start, count - 1).Json.SequenceEqual("."u8))
        {
            count++;
        }

        return count;
    }

    private static int[] SentenceStarts() =>
    [
        0,
        .. Enumerable.Range(1, Pieces.Length - 1).Where(at => Pieces[at - 1].Json.SequenceEqual("."u8)),
    ];

    private static Piece Opening(int start) =>
        new(System.Text.Encoding.UTF8.GetString(Pieces[start].Json).TrimStart(), Pieces[start].Tokens);
}
