using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>A vendor's library, set up for one account. It throws whatever the library throws.</summary>
internal interface IVendor : IDisposable
{
    /// <summary>A client of a chat model, its usage in the terms of <see cref="ReportedUsage"/>.</summary>
    IChatClient Chat(string model);

    /// <summary>A client of an embedding model.</summary>
    IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model);

    /// <summary>A client of an image model; its images come as data and not as addresses.</summary>
    IImageGenerator Images(string model);

    /// <summary>The vendor's names of the models that the account may call.</summary>
    Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation);
}
