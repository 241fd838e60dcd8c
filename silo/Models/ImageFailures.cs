using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>What <see cref="ProviderFailures"/> is to chats, to images.</summary>
/// <param name="format">What to ask for when the caller says nothing; null leaves it to the provider.</param>
internal sealed class ImageFailures(IImageGenerator inner, ImageGenerationResponseFormat? format) : DelegatingImageGenerator(inner)
{
    /// <inheritdoc/>
    public override async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = options?.Clone() ?? new ImageGenerationOptions();
        asked.ResponseFormat ??= format;
        try
        {
            return await base.GenerateAsync(request, asked, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProviderFailures.Describe(failure);
        }
    }
}
