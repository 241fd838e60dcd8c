using Informer.Ai.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Credits;

/// <summary>
/// Verifies the ledgers that have new rows, through their pools: those have the memory to compare with, and see to
/// it that only one process verifies a ledger at a time.
/// </summary>
public sealed partial class LedgerWatch(
    ILedgerAudit audit, IGrainFactory grains, IOptions<CreditPoolOptions> options, TimeProvider time, ILogger<LedgerWatch> logger)
    : BackgroundService
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.VerifyEvery, time);
        do
        {
            try
            {
                foreach (var tenant in await audit.TenantsToVerifyAsync(stoppingToken))
                {
                    stoppingToken.ThrowIfCancellationRequested();
                    await Verify(tenant);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogUnread(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One that cannot be verified now must not keep the others from it.
    private async Task Verify(TenantId tenant)
    {
        try
        {
            await grains.GetGrain<ICreditPoolGrain>(tenant.Value).Verify(full: false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogUnverified(tenant, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for ledgers to verify failed; the next round tries again")]
    private partial void LogUnread(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Ledger of {Tenant} could not be verified; the next round tries again")]
    private partial void LogUnverified(TenantId tenant, Exception failure);
}
