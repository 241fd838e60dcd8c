using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>A protocol that providers speak.</summary>
/// <param name="Name">As callers name it.</param>
/// <param name="Title">For people.</param>
/// <param name="BaseUrl">The vendor's own address; null where each account or server has its own.</param>
public sealed record ProviderType(string Name, string Title, string? BaseUrl)
{
    public const string OpenAI = "openai";
    public const string AzureOpenAI = "azure-openai";
    public const string OpenAICompatible = "openai-compatible";
    public const string Anthropic = "anthropic";
    public const string Google = "google";

    /// <summary>All of them.</summary>
    public static ImmutableArray<ProviderType> All { get; } =
    [
        new(OpenAI, "OpenAI", "https://api.openai.com/v1"),
        new(AzureOpenAI, "Azure OpenAI", null),
        new(OpenAICompatible, "OpenAI-compatible", null),
        new(Anthropic, "Anthropic", "https://api.anthropic.com"),
        new(Google, "Google Gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    ];

    /// <summary>The type of that name; null when there is none.</summary>
    public static ProviderType? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>Where calls go; null when neither the type nor the provider has an address.</summary>
    public static Uri? AddressOf(string type, string? baseUrl) =>
        Uri.TryCreate(baseUrl ?? Find(type)?.BaseUrl, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Scheme, host and port of an address.</summary>
    public static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
