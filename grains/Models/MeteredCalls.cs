using System.Runtime.ExceptionServices;
using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>
/// Holds, runs and settles calls of models that are not turns. A call goes on when its caller has left, since the
/// provider will want to be paid; every way out resolves its hold: nothing served → voided, anything → settled.
/// </summary>
public sealed partial class MeteredCalls(
    IGrainFactory grains,
    CheckpointWriter checkpoints,
    TurnDrain drain,
    IOptions<TurnOptions> options,
    TimeProvider time,
    ILogger<MeteredCalls> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>Makes the call once its credits are held.</summary>
    /// <param name="required">The most that the call uses of a model; null for a model that cannot serve it.</param>
    /// <param name="serve">Calls the provider, and adds what was used as soon as it is known.</param>
    /// <exception cref="ProviderException">The provider failed, and so did the fallbacks.</exception>
    /// <exception cref="LedgerUnavailableException">
    /// The hold could not be made durable and nothing was called, or the charge is not confirmed yet.
    /// </exception>
    public async Task<MeteredAnswer<T>> Run<T>(
        MeteredCall call, Func<ModelEntry, TokenUsage?> required, Func<CallRun, Task<T>> serve)
    {
        if (required(call.Model.Target) is not { } first)
        {
            throw new ArgumentException("The model cannot serve this call.", nameof(required));
        }

        var pool = grains.GetGrain<ICreditPoolGrain>(call.Tenant.Value);
        var run = new CallRun(call, pool);
        if (!drain.Enter(run))
        {
            return MeteredAnswer<T>.No(new TurnDraining());
        }

        Task<ResolveAnswer>? resolving = null;
        try
        {
            if (await grains.Admit(call.Tenant, call.User, call.Reservation(first)) is { } denied)
            {
                return MeteredAnswer<T>.No(denied);
            }

            var (value, failure) = await Serve(call, run, required, serve);
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            resolving = Resolve(call, run, pool, failure, told);
            if (await Task.WhenAny(resolving, told.Task) == told.Task)
            {
                throw new LedgerUnavailableException("The charge of this call is not confirmed yet.");
            }

            var resolved = await resolving;
            if (failure is OperationCanceledException && run.Stop.IsCancellationRequested)
            {
                return MeteredAnswer<T>.No(new TurnDraining());
            }

            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            return new(null, new MeteredResult<T>(value!, run.Model, run.Used, resolved.ChargedMicroCredits, run.Estimated));
        }
        finally
        {
            _ = Leave(run, resolving);
        }
    }

    private async Task<(T? Value, Exception? Failure)> Serve<T>(
        MeteredCall call, CallRun run, Func<ModelEntry, TokenUsage?> required, Func<CallRun, Task<T>> serve)
    {
        using var done = new CancellationTokenSource();
        var living = Live(call, run, done.Token);
        try
        {
            return (await ServeByAny(call, run, required, serve), null);
        }
        catch (Exception failure)
        {
            return (default, failure);
        }
        finally
        {
            // Nothing of this call may reach the checkpoints after its settlement.
            await done.CancelAsync();
            await living;
        }
    }

    private async Task<T> ServeByAny<T>(
        MeteredCall call, CallRun run, Func<ModelEntry, TokenUsage?> required, Func<CallRun, Task<T>> serve)
    {
        var fallbacks = new Fallbacks(grains, call.Tenant, call.User, call.Id, call.Model);
        while (true)
        {
            try
            {
                return await serve(run);
            }
            catch (ProviderException failure) when (failure.AnotherMayServe && !run.Any && !run.Stop.IsCancellationRequested)
            {
                var next = await fallbacks.Next(model => required(model.Target) is { } usage
                    ? Pricing.MicroCredits(usage, model.Target.Prices)
                    : null);
                if (next is null)
                {
                    throw;
                }

                LogFallsBack(call.Id, run.Model.Target.Id, failure.Code, next.Target.Id);
                run.Model = next;
            }
        }
    }

    // A checkpoint shows that the call lives, and is what is charged if this process does not see its end.
    private async Task Live(MeteredCall call, CallRun run, CancellationToken done)
    {
        using var timer = new PeriodicTimer(options.Value.CheckpointEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                try
                {
                    await checkpoints.Write(new TurnCheckpoint(call.Tenant, call.Id, null, "[]", run.Used, run.Cost));
                }
                catch (Exception failure)
                {
                    LogNotCheckpointed(call.Id, failure);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private Task<ResolveAnswer> Resolve(
        MeteredCall call, CallRun run, ICreditPoolGrain pool, Exception? failure, TaskCompletionSource told)
    {
        var settlement = new Settlement(
            call.Id,
            run.Cost,
            run.Used,
            run.RawUsage,
            run.Estimated,
            failure is null ? run.FinishReason : "error",
            run.Model.Target.Id,
            run.Model.Provider.Id,
            Pricing.Version(run.Model.Target.Prices));
        return Resolving.UntilWritten(
            () => run.Any ? pool.Settle(settlement) : pool.Void(call.Id),
            (attempt, doubt) =>
            {
                LogUnresolved(call.Id, attempt, doubt);
                if (attempt == Resolving.AttemptsBeforeTelling)
                {
                    told.TrySetResult();
                }
            },
            time,
            drain.Ended);
    }

    private async Task Leave(CallRun run, Task? resolving)
    {
        if (resolving is not null)
        {
            await resolving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        drain.Leave(run);
    }
}
