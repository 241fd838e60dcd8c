namespace Informer.Ai.Models;

/// <summary>Where the operator's own provider is reached, and with which key.</summary>
/// <param name="Address">The base address of its OpenAI-compatible API.</param>
/// <param name="Simulated">It is the built-in simulator.</param>
public sealed record ManagedEndpoint(Uri Address, string ApiKey, bool Simulated)
{
    private static readonly Uri OpenAI = new("https://api.openai.com/v1");

    /// <summary>The endpoint that <c>OPENAI_API_KEY</c> and <c>OPENAI_BASE_URL</c> name; null when there is no key.</summary>
    /// <exception cref="InvalidOperationException">The address is not one.</exception>
    public static ManagedEndpoint? Configured(IConfiguration configuration)
    {
        var key = configuration["OPENAI_API_KEY"];
        var address = configuration["OPENAI_BASE_URL"];
        if (string.IsNullOrWhiteSpace(key))
        {
            return null;
        }

        return string.IsNullOrWhiteSpace(address)
            ? new ManagedEndpoint(OpenAI, key, false)
            : Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
                ? new ManagedEndpoint(uri, key, false)
                : throw new InvalidOperationException("OPENAI_BASE_URL must be an absolute http or https address, such as https://api.openai.com/v1.");
    }
}
