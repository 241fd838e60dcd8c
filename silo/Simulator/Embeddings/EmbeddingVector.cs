using Informer.Ai.Simulator.Answers;

namespace Informer.Ai.Simulator.Embeddings;

/// <summary>
/// A text as a direction: its words, and the letter triples in them, each hashed to a place and a sign. Texts that
/// share words are near, texts that share word stems are nearer than strangers, and the same text is the same
/// vector in every process.
/// </summary>
internal static class EmbeddingVector
{
    private const float TripleWeight = 0.35f;
    private const int ShortWord = 3;
    private const float ShortWordWeight = 0.25f;

    public static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var lower = text.ToLowerInvariant();
        foreach (var word in Words(lower))
        {
            AddWord(vector, lower.AsSpan(word));
        }

        var length = MathF.Sqrt(vector.Sum(part => part * part));
        if (length == 0)
        {
            // A text without a word, and one whose features cancel out, still has a direction.
            vector[0] = length = 1;
        }

        for (var at = 0; at < dimensions; at++)
        {
            vector[at] /= length;
        }

        return vector;
    }

    private static void AddWord(float[] vector, ReadOnlySpan<char> word)
    {
        // Short words are mostly grammar; what a text is about is in the long ones.
        var weight = word.Length <= ShortWord ? ShortWordWeight : 1;
        Add(vector, word, weight);
        Span<char> triple = stackalloc char[3];
        for (var at = -1; at + 2 <= word.Length; at++)
        {
            triple[0] = at < 0 ? ' ' : word[at];
            triple[1] = word[at + 1];
            triple[2] = at + 2 == word.Length ? ' ' : word[at + 2];
            Add(vector, triple, weight * TripleWeight);
        }
    }

    private static void Add(float[] vector, ReadOnlySpan<char> feature, float weight)
    {
        var hash = Seed.Of(feature);
        vector[(hash >> 1) % (ulong)vector.Length] += (hash & 1) == 0 ? weight : -weight;
    }

    private static List<Range> Words(string text)
    {
        var words = new List<Range>();
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && char.IsLetterOrDigit(text[at]))
            {
                continue;
            }

            if (at > start)
            {
                words.Add(start..at);
            }

            start = at + 1;
        }

        return words;
    }
}
