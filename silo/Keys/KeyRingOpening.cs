using Microsoft.AspNetCore.DataProtection;

namespace Informer.Ai.Keys;

/// <summary>
/// Opens the key ring at the start, one process after another: two that made its first key at once would not know each
/// other's for a day. A ring that cannot be opened stops the start and not the first call of a provider.
/// </summary>
internal sealed class KeyRingOpening(IBootstrapTurn turn, IDataProtectionProvider protection) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (await turn.TakeAsync(cancellationToken))
        {
            protection.CreateProtector("Informer.Ai.KeyRing").Protect("");
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
