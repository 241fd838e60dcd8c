using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Informer.Ai.Models;

/// <summary>
/// Reaches models through the OpenAI SDK, at OpenAI or at anything that speaks its API. The SDK's own retries and
/// timeouts are off: a turn knows better how long to wait and when trying again would cost twice.
/// </summary>
public sealed class OpenAIModelClients : IModelClients, IDisposable
{
    private readonly ConcurrentDictionary<string, IChatClient> _chats = new();
    private readonly ConcurrentDictionary<string, IEmbeddingGenerator<string, Embedding<float>>> _embeddings = new();
    private readonly ConcurrentDictionary<string, IImageGenerator> _images = new();
    private readonly HttpClient _http;
    private readonly OpenAIClient _client;

    public OpenAIModelClients(ManagedEndpoint endpoint)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A call that is cut between two reads would otherwise be read on for seconds, and paid for.
            ResponseDrainTimeout = TimeSpan.Zero,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client = new OpenAIClient(new ApiKeyCredential(endpoint.ApiKey), new OpenAIClientOptions
        {
            Endpoint = endpoint.Address,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <inheritdoc/>
    public IChatClient ChatClient(ResolvedModel model) =>
        _chats.GetOrAdd(NameOf(model), name => new ProviderFailures(_client.GetChatClient(name).AsIChatClient()));

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> EmbeddingGenerator(ResolvedModel model) =>
        _embeddings.GetOrAdd(NameOf(model), name => new EmbeddingFailures(_client.GetEmbeddingClient(name).AsIEmbeddingGenerator()));

    /// <inheritdoc/>
    public IImageGenerator ImageGenerator(ResolvedModel model) =>
        _images.GetOrAdd(NameOf(model), name => new ImageFailures(_client.GetImageClient(name).AsIImageGenerator(), ImageFormat(name)));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string NameOf(ResolvedModel model) => model.Provider.Managed
        ? model.Target.Model
        // Never the operator's key in place of the tenant's: its pool would pay for what the tenant has paid.
        : throw new ProviderException("PROVIDER_CREDENTIAL_MISSING", "This provider has no key to call it with.");

    // The models of the first generation answer with an address unless told; those of the second only know data.
    private static ImageGenerationResponseFormat? ImageFormat(string name) =>
        name.StartsWith("dall-e", StringComparison.OrdinalIgnoreCase) ? ImageGenerationResponseFormat.Data : null;
}
