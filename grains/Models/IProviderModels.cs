namespace Informer.Ai.Models;

/// <summary>Asks providers which models they offer.</summary>
public interface IProviderModels
{
    /// <summary>The provider's own names of its models. It costs nothing.</summary>
    /// <exception cref="ProviderException">It could not be asked.</exception>
    Task<IReadOnlyList<string>> NamesAsync(ProviderEntry provider, CancellationToken cancellation);
}
