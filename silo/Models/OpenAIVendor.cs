using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Informer.Ai.Models;

/// <summary>
/// OpenAI's library, for OpenAI and for all that speak its API: Azure, Google, and any compatible server. Its own
/// retries and timeouts are off: they know nothing of holds.
/// </summary>
internal sealed class OpenAIVendor : IVendor
{
    private readonly string _type;
    private readonly HttpClient _http;
    private readonly OpenAIClient _client;

    public OpenAIVendor(string type, Uri address, string apiKey, HttpMessageHandler handler)
    {
        _type = type;
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new OpenAIClient(new ApiKeyCredential(apiKey), new OpenAIClientOptions
        {
            Endpoint = Endpoint(type, address),
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <inheritdoc/>
    public IChatClient Chat(string model)
    {
        var chat = _client.GetChatClient(model).AsIChatClient();
        return _type is ProviderType.Google or ProviderType.OpenAICompatible ? new HiddenReasoning(chat) : chat;
    }

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model) => _client.GetEmbeddingClient(model).AsIEmbeddingGenerator();

    /// <inheritdoc/>
    public IImageGenerator Images(string model) => new ImagesAsData(_client.GetImageClient(model).AsIImageGenerator(), model);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation) =>
        [.. (await _client.GetOpenAIModelClient().GetModelsAsync(cancellation)).Value.Select(model => model.Id)];

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // An Azure resource is named by its host; the API that needs no version lies under this path.
    private static Uri Endpoint(string type, Uri address) =>
        type == ProviderType.AzureOpenAI && address.AbsolutePath == "/" ? new Uri(address, "/openai/v1") : address;

    /// <summary>The models of the first generation answer with an address unless told; those of the second only know data.</summary>
    private sealed class ImagesAsData(IImageGenerator inner, string model) : DelegatingImageGenerator(inner)
    {
        public override Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (model.StartsWith("dall-e", StringComparison.OrdinalIgnoreCase))
            {
                options = options?.Clone() ?? new ImageGenerationOptions();
                options.ResponseFormat ??= ImageGenerationResponseFormat.Data;
            }

            return base.GenerateAsync(request, options, cancellationToken);
        }
    }
}
