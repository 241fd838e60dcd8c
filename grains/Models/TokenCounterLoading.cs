using Microsoft.Extensions.Hosting;

namespace Informer.Ai.Models;

/// <summary>Loads the token encoding beside the start, so that the first turn does not wait for it.</summary>
internal sealed class TokenCounterLoading(TokenCounter counter) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(counter.Load, stoppingToken);
}
