using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Keys;

/// <summary>
/// Opens the key ring at the start, one process after another: two that made its first key at once would not know each
/// other's for a day. A ring that cannot be opened stops the start and not the first call of a provider.
/// </summary>
internal sealed partial class KeyRingOpening(
    IBootstrapTurn turn, IDataProtectionProvider protection, KeyRingOptions keys, IOptions<InformerOptions> options, ILogger<KeyRingOpening> logger)
    : IHostedService
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (await turn.TakeAsync(cancellationToken))
        {
            protection.CreateProtector("Informer.Ai.KeyRing").Protect("");
        }

        if (options.Value.Mode != "Cluster")
        {
            return;
        }

        if (keys.Directory.Length == 0)
        {
            LogNotShared();
        }

        if (keys is { Secret: null, CertificatePath.Length: 0 })
        {
            LogNotSealed();
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Informer:KeyRing:Directory is not set: other processes of the cluster cannot read the provider keys that tenants give to this one. Set it to a directory that all of them share")]
    private partial void LogNotShared();

    [LoggerMessage(LogLevel.Warning, "The key ring is not sealed: set Informer:KeyRing:CertificatePath or Informer:KeyRing:Secret")]
    private partial void LogNotSealed();
}
