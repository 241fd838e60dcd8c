using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Models;

/// <summary>The operator's provider and the models that a new tenant's catalog is seeded with; section <c>Informer:Models</c>.</summary>
public sealed class ManagedModelsOptions
{
    /// <summary>The provider's protocol.</summary>
    [Required]
    public string ProviderType { get; set; } = "openai";

    /// <summary>The provider's name as tenants see it.</summary>
    [Required]
    public string ProviderName { get; set; } = "OpenAI";

    /// <summary>The provider's own name of the everyday model.</summary>
    [Required]
    public string Everyday { get; set; } = "gpt-4.1-nano";

    /// <summary>Of the advanced model.</summary>
    [Required]
    public string Advanced { get; set; } = "gpt-4.1-mini";

    /// <summary>Of the strategic model.</summary>
    [Required]
    public string Strategic { get; set; } = "gpt-4.1";

    /// <summary>Of the embedding model.</summary>
    [Required]
    public string Embedding { get; set; } = "text-embedding-3-small";

    /// <summary>Of the image model.</summary>
    [Required]
    public string Image { get; set; } = "gpt-image-1";
}
