using Informer.Ai.Deployments;

namespace Informer.Ai;

/// <summary>
/// Gives each round a world. Most share one, so that a ledger grows old; a round whose pool is to run dry, or whose
/// disk is to be full, has one of its own.
/// </summary>
internal sealed class Worlds(string store, SimulatorProcess simulator) : IAsyncDisposable
{
    private const int RoundsMax = 25;
    private const long Ample = 50_000;

    private PostgresServer? _server;
    private World? _shared;

    /// <summary>Plays a round in the world that it needs.</summary>
    /// <param name="keep">Asked afterwards: false when the world is spoilt.</param>
    public async Task Use(RoundPlan plan, Func<World, Task<bool>> keep)
    {
        if (plan.Limits.PoolCredits is { } credits || plan.Fault.OnSmallDisk)
        {
            await using var own = await Make(plan.Limits.PoolCredits ?? Ample, plan.Fault.OnSmallDisk);
            await keep(own);
            return;
        }

        _shared ??= await Make(Ample, onSmallDisk: false);
        _shared.Rounds++;
        var kept = await keep(_shared);
        if (!kept || _shared.Rounds == RoundsMax)
        {
            await Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Leave();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task Leave()
    {
        if (_shared is { } shared)
        {
            _shared = null;
            await shared.DisposeAsync();
        }
    }

    private async Task<World> Make(long credits, bool onSmallDisk)
    {
        Deployment deployment = store switch
        {
            "sqlite" => new SqliteDeployment(simulator, credits, onSmallDisk),
            _ => new PostgresDeployment(simulator, credits, _server ??= await PostgresServer.CreateAsync()),
        };
        try
        {
            await deployment.Start();
            return new World(deployment);
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }
}
