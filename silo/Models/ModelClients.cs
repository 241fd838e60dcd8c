using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>
/// Reaches models through their vendors' libraries: the operator's provider with the operator's key, a tenant's own
/// with the tenant's, or not at all.
/// </summary>
internal sealed class ModelClients(
    ManagedEndpoint managed,
    IOptions<ManagedModelsOptions> managedOptions,
    ProviderTransport transport,
    CredentialVault vault,
    IOptions<ProviderOptions> options,
    TimeProvider time) : IModelClients, IProviderModels, IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _own = new(new MemoryCacheOptions());
    private ProviderConnection? _managed;

    /// <inheritdoc/>
    public IChatClient ChatClient(ResolvedModel model) => Connection(model.Provider).Chat(model.Target.Model);

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> EmbeddingGenerator(ResolvedModel model) =>
        Connection(model.Provider).Embeddings(model.Target.Model);

    /// <inheritdoc/>
    public IImageGenerator ImageGenerator(ResolvedModel model) => Connection(model.Provider).Images(model.Target.Model);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> NamesAsync(ProviderEntry provider, CancellationToken cancellation) =>
        Connection(provider).Names(cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _managed?.Dispose();
        _own.Dispose();
    }

    private ProviderConnection Connection(ProviderEntry provider) => provider.Managed
        ? LazyInitializer.EnsureInitialized(ref _managed, () => Connect(
            managedOptions.Value.ProviderType, managed.Address, managed.ApiKey, transport.Managed, options.Value.ManagedCallsMax))
        // Under the ciphertext: a key that was changed or dropped is not found again.
        : _own.GetOrCreate((provider.Tenant, provider.Id, provider.Address, provider.Credential?.Sealed), entry =>
        {
            entry.SlidingExpiration = KeptFor;
            return Connect(provider.Type, provider.Address!, vault.Open(provider), transport.Own, options.Value.CallsMax);
        })!;

    private ProviderConnection Connect(string type, Uri address, string key, HttpMessageHandler handler, int callsMax)
    {
        var resilient = new ProviderResilience(handler, options.Value, time);
        return new ProviderConnection(
            type == ProviderType.Anthropic ? new AnthropicVendor(address, key, resilient) : new OpenAIVendor(type, address, key, resilient),
            callsMax);
    }
}
