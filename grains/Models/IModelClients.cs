using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>Reaches the providers' models through their own libraries.</summary>
/// <remarks>
/// Clients are shared and never disposed by the caller. Their failures are <see cref="ProviderException"/>s. A
/// cancelled call is cut at the provider at once.
/// </remarks>
public interface IModelClients
{
    /// <summary>A client of a chat model.</summary>
    IChatClient ChatClient(ResolvedModel model);

    /// <summary>A client of an embedding model.</summary>
    IEmbeddingGenerator<string, Embedding<float>> EmbeddingGenerator(ResolvedModel model);

    /// <summary>A client of an image model; its images come as data and not as addresses.</summary>
    IImageGenerator ImageGenerator(ResolvedModel model);
}
