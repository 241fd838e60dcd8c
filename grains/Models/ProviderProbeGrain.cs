using Orleans.Concurrency;

namespace Informer.Ai.Models;

/// <summary>Asks a tenant's providers, beside its catalog, which so never waits for one.</summary>
[StatelessWorker]
[GrainType("provider-probe")]
public sealed class ProviderProbeGrain(IProviderModels models, IGrainFactory grains, TimeProvider time) : Grain, IProviderProbeGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<ProbeAnswer?> Ask(string providerId)
    {
        var provider = await grains.GetGrain<IProviderCatalogGrain>(this.GetPrimaryKeyString()).FindProvider(providerId);
        if (provider is null)
        {
            return null;
        }

        var asked = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var names = await models.NamesAsync(provider, patience.Token);
            return new ProbeAnswer(time.GetElapsedTime(asked), null, null, [.. names]);
        }
        catch (ProviderException failure)
        {
            return new ProbeAnswer(time.GetElapsedTime(asked), failure.Code, failure.Message, []);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new ProbeAnswer(time.GetElapsedTime(asked), "PROVIDER_TIMEOUT", "The model provider did not answer in time.", []);
        }
    }
}
