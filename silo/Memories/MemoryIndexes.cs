using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Informer.Ai.Memories;

/// <summary>Chooses the index of memories.</summary>
internal static class MemoryIndexes
{
    /// <summary>Qdrant where its address is given; else the grains have an index of their own.</summary>
    public static IServiceCollection AddMemoryIndex(this IServiceCollection services, IConfiguration qdrant)
    {
        if (string.IsNullOrWhiteSpace(qdrant[nameof(QdrantOptions.Url)]))
        {
            return services;
        }

        services.AddOptions<QdrantOptions>().Bind(qdrant).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IMemoryIndex, QdrantMemoryIndex>();
        return services;
    }
}
