using System.Runtime.CompilerServices;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Informer.Ai.Chats;

/// <summary>One direct call of a model. It keeps nothing but its hold; watchers interleave with the running turn.</summary>
[GrainType("invocation")]
public sealed class InvocationGrain(TurnServices services, IdSource ids) : Grain, IInvocationGrain
{
    private bool _claimed;
    private Turn? _turn;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_turn is { } running)
        {
            running.Cut();
            await running.Completion.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> Run(InvocationRequest request)
    {
        if (_claimed)
        {
            return new TurnStarted(request.Turn);
        }

        var refused = await Start(request);
        _claimed = refused is null;
        if (!_claimed)
        {
            DeactivateOnIdle();
        }

        return refused ?? new TurnStarted(request.Turn);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TurnEvent> Watch(
        TurnId turn, long afterSeq, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_turn?.Id != turn)
        {
            yield break;
        }

        using var seat = services.Drain.Watch();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation, services.Drain.Ended);
        await foreach (var happened in _turn.Log.Read(afterSeq, leave.Token))
        {
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public Task Abort(TurnId? turn) => _turn?.Abort() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task Disconnect(TurnId turn) => Abort(turn);

    private async Task<RunAnswer?> Start(InvocationRequest request)
    {
        var (tenant, user, _) = UserKey.Parse(this.GetPrimaryKeyString());
        var model = await services.Grains.GetGrain<IModelCatalogGrain>(tenant.Value).Resolve(request.ModelId);
        if (model is null || (model.Requested.Internal && !request.InternalToo))
        {
            return new TurnNotFound("model");
        }

        if (!model.Target.Chat)
        {
            return new ModelLacksCapability("chat");
        }

        if (request.Tools.Length > 0 && !model.Target.Tools)
        {
            return new ModelLacksCapability("tools");
        }

        var plan = Plan(tenant, user, request, model);
        if (Prompt.HasFiles(plan.Prompt) && !model.Target.Attachments)
        {
            return new ModelLacksCapability("attachments");
        }

        if (await services.Grains.Admit(plan, request.Entity) is { } denied)
        {
            return denied;
        }

        var turn = new Turn(plan, services, () => Task.CompletedTask, _ => Task.CompletedTask);
        if (!turn.Start(this))
        {
            await services.Grains.GetGrain<ICreditPoolGrain>(tenant.Value).Void(plan.Id.Hold);
            return new TurnDraining();
        }

        _turn = turn;
        _ = Release(turn);
        return null;
    }

    private TurnPlan Plan(TenantId tenant, UserId user, InvocationRequest request, ResolvedModel model)
    {
        var outputMax = OutputSize.TokensMax(request.OutputSize, model.Target);
        List<AiMessage> prompt =
        [
            .. Prompt.System(request.System, request.DynamicSystem),
            .. request.Messages.SelectMany(message => Prompt.Messages(message.Role, message.Parts)),
        ];
        // An answer to tool results goes on under the id that the client knows it by.
        var last = request.Messages[^1];
        return new TurnPlan(
            tenant,
            user,
            null,
            request.Turn,
            last.Role == "assistant" && last.Id.Length > 0 ? last.Id : new MessageId(ids.Next()).ToString(),
            null,
            model,
            prompt,
            new ChatOptions
            {
                MaxOutputTokens = outputMax,
                Temperature = request.Temperature,
                Tools = request.Tools.Length == 0 ? null : Prompt.Tools(request.Tools),
            },
            Prompt.Count(services.Counter, prompt) + Prompt.Count(services.Counter, request.Tools),
            outputMax,
            false);
    }

    // The caller reads to the end from here, and a caller that was cut off may come back for a while.
    private async Task Release(Turn turn)
    {
        await turn.Completion;
        this.RegisterGrainTimer(
            () =>
            {
                DeactivateOnIdle();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(services.Options.JoinableFor, Timeout.InfiniteTimeSpan));
    }
}
