using Anthropic;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using Reported = Anthropic.Models.Messages.Usage;

namespace Informer.Ai.Models;

/// <summary>Anthropic's library. Its own retries are off: they know nothing of holds.</summary>
internal sealed class AnthropicVendor : IVendor
{
    private readonly HttpClient _http;
    private readonly AnthropicClient _client;

    public AnthropicVendor(Uri address, string apiKey, HttpMessageHandler handler)
    {
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        // Named, so that nothing is looked for in the environment, where the operator's key may be.
        _client = new AnthropicClient
        {
            HttpClient = _http,
            BaseUrl = address.ToString().TrimEnd('/'),
            ApiKey = apiKey,
            MaxRetries = 0,
            Timeout = TimeSpan.FromHours(1),
        };
    }

    /// <inheritdoc/>
    public IChatClient Chat(string model) => new AnthropicUsage(_client.AsIChatClient(model));

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(string model) => throw Unsupported("embeddings");

    /// <inheritdoc/>
    public IImageGenerator Images(string model) => throw Unsupported("images");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation) =>
        [.. (await _client.Models.List(new() { Limit = 1_000 }, cancellation)).Items.Select(model => model.ID)];

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ProviderException Unsupported(string what) => new("PROVIDER_UNSUPPORTED", $"Anthropic has no {what}.");
}

/// <summary>
/// Anthropic counts a prompt in three parts that exclude each other: neither read from nor written to its cache, read
/// from it, and written to it for five minutes or an hour. In a stream the counts come twice, at the start and at the
/// end, each of the whole call so far: the last word on each holds, and they do not add up.
/// </summary>
internal sealed class AnthropicUsage(IChatClient inner) : UsageMapping(inner)
{
    protected override bool TellsUsage(object raw) =>
        raw is RawMessageStreamEvent { Value: RawMessageStartEvent or RawMessageDeltaEvent };

    protected override UsageDetails Map(UsageDetails usage, object? raw)
    {
        var counts = new Counts();
        foreach (var told in raw as IEnumerable<object> ?? [raw!])
        {
            counts = told switch
            {
                Message { Usage: { } whole } => counts.After(whole),
                RawMessageStreamEvent { Value: RawMessageStartEvent { Message.Usage: { } start } } => counts.After(start),
                RawMessageStreamEvent { Value: RawMessageDeltaEvent { Usage: { } end } } => counts.After(end),
                _ => counts,
            };
        }

        return counts.Details();
    }

    private sealed record Counts(
        long? Input = null, long? Output = null, long CacheRead = 0, long CacheWrite = 0, long CacheWriteLong = 0, long Reasoning = 0)
    {
        public Counts After(Reported told) => new(
            told.InputTokens,
            told.OutputTokens,
            told.CacheReadInputTokens ?? CacheRead,
            told.CacheCreationInputTokens ?? CacheWrite,
            told.CacheCreation?.Ephemeral1hInputTokens ?? CacheWriteLong,
            told.OutputTokensDetails?.ThinkingTokens ?? Reasoning);

        public Counts After(MessageDeltaUsage told) => this with
        {
            Input = told.InputTokens ?? Input,
            Output = told.OutputTokens,
            CacheRead = told.CacheReadInputTokens ?? CacheRead,
            CacheWrite = told.CacheCreationInputTokens ?? CacheWrite,
            Reasoning = told.OutputTokensDetails?.ThinkingTokens ?? Reasoning,
        };

        public UsageDetails Details() => new()
        {
            InputTokenCount = Input + CacheRead + CacheWrite,
            OutputTokenCount = Output,
            TotalTokenCount = Input + CacheRead + CacheWrite + Output,
            CachedInputTokenCount = CacheRead,
            ReasoningTokenCount = Reasoning,
            AdditionalCounts = new()
            {
                [ReportedUsage.CacheWriteShort] = CacheWrite - CacheWriteLong,
                [ReportedUsage.CacheWriteLong] = CacheWriteLong,
            },
        };
    }
}
