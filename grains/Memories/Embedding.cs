using System.Numerics.Tensors;

namespace Informer.Ai.Memories;

/// <summary>Whose memories; everything that reads or writes them is bounded by both.</summary>
public readonly record struct MemoryOwner(Tenancy.TenantId Tenant, Tenancy.UserId User);

/// <summary>What a vector was made with. Only vectors of one space can be compared.</summary>
/// <param name="Model">Provider and model, such as <c>managed/text-embedding-3-small</c>.</param>
public sealed record EmbeddingSpace(string Model, int Dimension);

/// <summary>A text as a direction in a space: its vector has the length 1.</summary>
public sealed class Embedding
{
    private Embedding(EmbeddingSpace space, float[] vector) => (Space, Vector) = (space, vector);

    public EmbeddingSpace Space { get; }

    public ReadOnlyMemory<float> Vector { get; }

    /// <summary>Takes a vector as a model gave it.</summary>
    /// <exception cref="ArgumentException">It has no direction: a number is missing, or all are 0.</exception>
    public static Embedding Of(string model, ReadOnlySpan<float> vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (vector.IsEmpty || !float.IsFinite(length) || length == 0)
        {
            throw new ArgumentException("A vector without a direction embeds nothing.", nameof(vector));
        }

        var scaled = new float[vector.Length];
        TensorPrimitives.Divide(vector, length, scaled);
        return new Embedding(new EmbeddingSpace(model, vector.Length), scaled);
    }

    /// <summary>The direction between several of one space; null when they cancel out, or there are none.</summary>
    public static Embedding? Between(IReadOnlyList<Embedding> embeddings)
    {
        if (embeddings.Count == 0)
        {
            return null;
        }

        var sum = new float[embeddings[0].Space.Dimension];
        foreach (var embedding in embeddings)
        {
            TensorPrimitives.Add(sum, embedding.Vector.Span, sum);
        }

        return TensorPrimitives.Norm<float>(sum) > 1e-3f ? Of(embeddings[0].Space.Model, sum) : null;
    }

    /// <summary>The cosine of the angle between two directions.</summary>
    /// <exception cref="ArgumentException">They are of two spaces.</exception>
    public float Cosine(Embedding other) => other.Space == Space
        ? TensorPrimitives.Dot(Vector.Span, other.Vector.Span)
        : throw new ArgumentException("Vectors of different models are never compared.", nameof(other));
}
