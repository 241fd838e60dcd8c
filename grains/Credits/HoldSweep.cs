using Informer.Ai.Chats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Credits;

/// <summary>
/// Wakes the pools that have open holds, at the start and every half time to live: a pool whose process died
/// is not active anywhere, and its holds would wait for the tenant's next call. Clears away what resolved direct
/// calls left of checkpoints.
/// </summary>
public sealed partial class HoldSweep(
    ILedger ledger, ICheckpointStore checkpoints, IGrainFactory grains, IOptions<CreditPoolOptions> options, TimeProvider time, ILogger<HoldSweep> logger)
    : BackgroundService
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HoldTimeToLive / 2, time);
        do
        {
            try
            {
                foreach (var tenant in await ledger.TenantsWithOpenHoldsAsync(stoppingToken))
                {
                    await grains.GetGrain<ICreditPoolGrain>(tenant.Value).Sweep();
                }

                await checkpoints.DropUnheldAsync(options.Value.HoldTimeToLive, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for silent holds failed; the next round tries again")]
    private partial void LogFailed(Exception failure);
}
