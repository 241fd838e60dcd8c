using Informer.Ai.Chats;
using Microsoft.Extensions.Options;

namespace Informer.Ai;

/// <summary>On shutdown, lets the running turns end, and cuts and settles what is left, before anything is stopped.</summary>
internal sealed class TurnDrainService(TurnDrain drain, IOptions<InformerOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        drain.Drain(TimeSpan.FromSeconds(options.Value.DrainSeconds), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
