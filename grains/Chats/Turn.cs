using System.Text.Json;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Chats;

/// <summary>
/// One answer of a model, from the provider's first byte to the settlement. It runs on its grain's scheduler and
/// interleaves with the grain's calls at each await; nothing else changes its state. Every way out resolves the
/// hold: nothing came → voided, anything came → settled.
/// </summary>
/// <param name="began">Makes the turn durable before its first event is seen.</param>
/// <param name="ended">Keeps the answer; called once, after the settlement, if the turn had begun.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "A stop may come from another thread at any time; the source has no timer to free.")]
internal sealed partial class Turn(
    TurnPlan plan, TurnServices services, Func<Task> began, Func<TurnOutcome, Task> ended) : IRunning
{
    private const string SafeFailure = "The model provider failed before the answer was complete.";

    // Text longer than this is delivered in pieces, each covered by the hold before it is.
    private const int PieceLength = 1_000;

    private readonly ILogger _logger = services.Logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly AnswerParts _parts = new(plan.Continues);
    private readonly ICreditPoolGrain _pool = services.Grains.GetGrain<ICreditPoolGrain>(plan.Tenant.Value);
    private readonly Fallbacks _fallbacks = new(services.Grains, plan.Tenant, plan.User, plan.Id.Hold, plan.Model);
    private Tranches _tranches = new(plan, services.Grains.GetGrain<ICreditPoolGrain>(plan.Tenant.Value));
    private CancellationTokenSource? _attempt;
    private StopReason _stopReason;
    private bool _begun;
    private bool _silent;
    private string? _announced;
    private bool _complete;
    private bool _ending;
    private long _outputTokens;
    private int _textParts;
    private long _heardFrom;
    private Task _checkpoint = Task.CompletedTask;
    private ChatFinishReason? _finishReason;
    private UsageDetails? _report;
    private RefusalCode? _limitedBy;

    private enum StopReason
    {
        None = 0,
        Abort = 1,
        Length = 2,
        Idle = 3,
        Shutdown = 4,
        Failure = 5,
    }

    public TurnId Id => plan.Id;

    public bool Resumable => plan.Resumable;

    public TurnLog Log { get; } = new();

    /// <summary>Ends when the turn is settled and kept; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it on the grain's scheduler; false when the process takes no new turns.</summary>
    public bool Start(Grain grain)
    {
        if (!services.Drain.Enter(this))
        {
            return false;
        }

        _heardFrom = services.Time.GetTimestamp();
        var every = services.Options.CheckpointEvery;
        var timer = grain.RegisterGrainTimer(
            _ => Tick(), new GrainTimerCreationOptions(every, every) { Interleave = true, KeepAlive = true });
        Completion = Run(timer);
        return true;
    }

    /// <summary>Stops it on request, and returns when it is settled.</summary>
    public async Task Abort()
    {
        await Stop(StopReason.Abort);
        await Completion;
    }

    /// <summary>Stops it because the process ends. May be called from any thread.</summary>
    public void Cut() => _ = Stop(StopReason.Shutdown);

    private async Task Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _stopReason, reason, StopReason.None) == StopReason.None)
        {
            await _stop.CancelAsync();
        }
    }

    private async Task Run(IGrainTimer timer)
    {
        using var activity = TurnMetrics.Activities.StartActivity("turn");
        services.Metrics.Began();
        Exception? failure = null;
        try
        {
            await Generate();
        }
        catch (Exception thrown) when (_begun && _finishReason is not null && _stopReason == StopReason.None)
        {
            // The answer was there to its end; only what follows it, its usage, could not be read.
            LogIfFailed(thrown);
            _report = null;
            _complete = true;
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        _ending = true;
        timer.Dispose();
        var reason = "error";
        try
        {
            reason = await End(failure);
        }
        catch (Exception thrown)
        {
            LogNotKept(plan.Id, thrown);
            Log.Append(seq => new TurnFailed(seq, SafeFailure));
        }
        finally
        {
            Log.End();
            services.Metrics.Ended(reason);
            services.Drain.Leave(this);
        }
    }

    // A model that has failed before it said anything gives way to the next one, within the same hold.
    private async Task Generate()
    {
        while (true)
        {
            try
            {
                await Ask();
                return;
            }
            catch (Exception failure) when (MayFallBack(failure))
            {
                _heardFrom = services.Time.GetTimestamp();
                var known = _silent ? new ProviderException("PROVIDER_TIMEOUT", "The model provider did not answer in time.", failure) : (ProviderException)failure;
                if (await _fallbacks.Next(model => plan.On(model) is { } other ? other.CostOf(other.FirstSlice) : null) is not { } next)
                {
                    throw known;
                }

                LogFallsBack(plan.Id, plan.Model.Target.Id, known.Code, next.Target.Id);
                plan = plan.On(next)!;
                _tranches = new Tranches(plan, _pool);
                (_report, _finishReason, _silent) = (null, null, false);
                _heardFrom = services.Time.GetTimestamp();
            }
        }
    }

    private bool Unheard => !_parts.Any && _outputTokens == 0;

    private bool MayFallBack(Exception failure) =>
        Unheard && _stopReason == StopReason.None && (_silent || failure is ProviderException { AnotherMayServe: true });

    private async Task Ask()
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _attempt = attempt;
        try
        {
            await Read(attempt.Token);
        }
        finally
        {
            _attempt = null;
        }
    }

    private async Task Read(CancellationToken cancellation)
    {
        var called = services.Time.GetTimestamp();
        var client = services.Models.ChatClient(plan.Model);
        await using var updates = client
            .GetStreamingResponseAsync(plan.Prompt, plan.Options, cancellation)
            .GetAsyncEnumerator(cancellation);
        var first = updates.MoveNextAsync().AsTask();
        using (var patience = new CancellationTokenSource())
        {
            await Task.WhenAny(first, Task.Delay(services.Options.FirstEventWait, services.Time, patience.Token));
            await patience.CancelAsync();
        }

        if (!first.IsCompleted)
        {
            await BeginWhile(first);
        }

        for (var more = await first; more; more = await updates.MoveNextAsync())
        {
            if (!_begun)
            {
                services.Metrics.FirstEvent(services.Time.GetElapsedTime(called));
            }

            _heardFrom = services.Time.GetTimestamp();
            foreach (var content in updates.Current.Contents)
            {
                if (!await Take(content))
                {
                    return;
                }
            }

            _finishReason = updates.Current.FinishReason ?? _finishReason;
        }

        if (_finishReason is null)
        {
            throw new ProviderException("PROVIDER_ERROR", "The model provider's answer ended early.");
        }

        await Begin();
        // From here on it is a finished answer, whoever asks to stop it.
        _complete = true;
    }

    // The provider is silent: begin without it, and do not leave its call behind if that fails.
    private async Task BeginWhile(Task<bool> first)
    {
        try
        {
            await Begin();
        }
        catch
        {
            await Stop(StopReason.Failure);
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw;
        }
    }

    private async ValueTask Begin()
    {
        if (_begun)
        {
            return;
        }

        await began();
        _begun = true;
        _announced = plan.Model.Target.Id;
        Log.Append(seq => new TurnBegun(seq, plan.MessageName, plan.Chat, plan.Model.Target.Id, plan.Id));
        Log.Append(seq => new StepBegun(seq));
        _parts.BeginStep();
    }

    private async ValueTask<bool> Take(AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                return await TakeText(TextKind.Text, text.Text);
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                return await TakeText(TextKind.Reasoning, reasoning.Text);
            case FunctionCallContent { Exception: { } malformed }:
                throw new ProviderException("PROVIDER_ERROR", "The model called a tool with malformed input.", malformed);
            case FunctionCallContent call:
                return await TakeToolCall(call);
            case UsageContent usage:
                // Counts are of the whole call so far: the last report is the one.
                _report = usage.Details;
                return true;
            case ErrorContent:
                throw new ProviderException();
            default:
                return true;
        }
    }

    private async ValueTask<bool> TakeText(TextKind kind, string text)
    {
        await Begin();
        for (var at = 0; at < text.Length;)
        {
            var length = TokenCounter.PieceOf(text.AsSpan(at), PieceLength);
            var piece = length == text.Length ? text : text.Substring(at, length);
            if (!await Cover(services.Counter.Count(piece)))
            {
                return false;
            }

            if (_parts.Open != kind)
            {
                CloseText();
                _parts.BeginText(kind);
                _textParts++;
                Log.Append(seq => new TextBegun(seq, kind, PartName));
            }

            _parts.Append(piece);
            Log.Append(seq => new TextDelta(seq, kind, PartName, piece));
            at += length;
        }

        return true;
    }

    private async ValueTask<bool> TakeToolCall(FunctionCallContent call)
    {
        await Begin();
        var input = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions);
        if (!await Cover(services.Counter.Count(call.Name) + services.Counter.Count(input)))
        {
            return false;
        }

        CloseText();
        _parts.AddToolCall(call.CallId, call.Name, input);
        Log.Append(seq => new ToolCalled(seq, call.CallId, call.Name, input));
        return true;
    }

    // Output that the hold does not cover is neither delivered nor charged; the call is cut there.
    private async ValueTask<bool> Cover(int tokens)
    {
        var total = _outputTokens + tokens;
        var ignoresLimit = total > OutputSize.TokensTolerated(plan.OutputTokensMax);
        _limitedBy = ignoresLimit ? null : await _tranches.Cover(total);
        if (ignoresLimit || _limitedBy is not null)
        {
            await Stop(StopReason.Length);
            return false;
        }

        _outputTokens = total;
        return _stopReason == StopReason.None;
    }

    private string PartName => $"t{_textParts}";

    private void CloseText()
    {
        if (_parts.Open is { } kind)
        {
            _parts.EndText();
            Log.Append(seq => new TextEnded(seq, kind, PartName));
        }
    }

    private async Task Tick()
    {
        if (_ending)
        {
            return;
        }

        if (services.Time.GetElapsedTime(_heardFrom) > services.Options.ProviderIdleTimeout)
        {
            if (Unheard && !_fallbacks.None)
            {
                _silent = true;
                await (_attempt?.CancelAsync() ?? Task.CompletedTask);
                return;
            }

            await Stop(StopReason.Idle);
            return;
        }

        if (_begun && _checkpoint.IsCompleted)
        {
            _checkpoint = Checkpoint();
            await _checkpoint;
        }
    }

    private async Task Checkpoint()
    {
        try
        {
            var usage = _parts.Any ? new TokenUsage(plan.PromptTokens, _outputTokens) : TokenUsage.None;
            await services.Checkpoints.Write(new TurnCheckpoint(
                plan.Tenant, plan.Id.Hold, plan.Chat, _parts.ToJson(), usage, plan.CostOf(usage)));
        }
        catch (Exception failure)
        {
            LogNotCheckpointed(plan.Id, failure);
        }
    }
}
