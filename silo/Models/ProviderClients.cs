using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>A chat model's calls within the bounds of their provider, their failures safe to show.</summary>
internal sealed class ProviderChat(IChatClient inner, ProviderConnection provider) : DelegatingChatClient(inner)
{
    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        provider.Call(cancellation => base.GetResponseAsync(messages, options, cancellation), cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var seat = provider.Seat();
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw ProviderFailures.Describe(failure);
            }

            yield return updates.Current;
        }
    }
}

/// <summary>An embedding model's calls, likewise.</summary>
internal sealed class ProviderEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, ProviderConnection provider)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <inheritdoc/>
    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        provider.Call(cancellation => base.GenerateAsync(values, options, cancellation), cancellationToken);
}

/// <summary>An image model's calls, likewise.</summary>
internal sealed class ProviderImages(IImageGenerator inner, ProviderConnection provider) : DelegatingImageGenerator(inner)
{
    /// <inheritdoc/>
    public override Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        provider.Call(cancellation => base.GenerateAsync(request, options, cancellation), cancellationToken);
}
