using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>What a provider gave as embeddings.</summary>
internal static class Vectors
{
    /// <summary>The vectors, if they are what was asked for: one for each text, all of one length, with a direction.</summary>
    /// <exception cref="ProviderException">They are not.</exception>
    public static IReadOnlyList<ReadOnlyMemory<float>> Check(GeneratedEmbeddings<Embedding<float>> made, int count)
    {
        var sound = made.Count == count && made.All(vector => vector.Vector.Length > 0 && vector.Vector.Length == made[0].Vector.Length
            && IsDirection(vector.Vector.Span));
        return sound
            ? [.. made.Select(vector => vector.Vector)]
            : throw new ProviderException("PROVIDER_ERROR", "The model provider sent embeddings that cannot be used.");
    }

    private static bool IsDirection(ReadOnlySpan<float> vector)
    {
        var square = 0d;
        foreach (var part in vector)
        {
            square += (double)part * part;
        }

        return double.IsFinite(square) && square > 0;
    }
}
