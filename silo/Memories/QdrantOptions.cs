using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Memories;

/// <summary>A Qdrant server as the index of memories; section <c>Informer:Memories:Qdrant</c>.</summary>
public sealed class QdrantOptions
{
    /// <summary>The address of its REST API, such as <c>http://qdrant:6333</c>; without one the embedded index is used.</summary>
    public Uri? Url { get; set; }

    /// <summary>Its key, if it wants one.</summary>
    public string? ApiKey { get; set; }

    /// <summary>What the names of its collections begin with: one for all tenants, for each size of vectors.</summary>
    [RegularExpression("^[A-Za-z0-9_-]{1,100}$")]
    public string Collection { get; set; } = "informer-memories";

    /// <summary>One try of a request takes no longer than this.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a request that failed in passing is sent again.</summary>
    [Range(1, 10)]
    public int Retries { get; set; } = 2;
}
