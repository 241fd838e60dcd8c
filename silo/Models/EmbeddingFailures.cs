using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>What <see cref="ProviderFailures"/> is to chats, to embeddings.</summary>
internal sealed class EmbeddingFailures(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GenerateAsync(values, options, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProviderFailures.Describe(failure);
        }
    }
}
