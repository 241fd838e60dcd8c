using Microsoft.Extensions.AI;

namespace Informer.Ai.Models;

/// <summary>Reaches the providers' models through their own libraries.</summary>
public interface IModelClients
{
    /// <summary>
    /// A client of a chat model; shared, never disposed by the caller. Its failures are
    /// <see cref="ProviderException"/>s. A cancelled call is cut at the provider at once.
    /// </summary>
    IChatClient ChatClient(ResolvedModel model);
}
