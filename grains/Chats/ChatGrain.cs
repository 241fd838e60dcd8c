using System.Runtime.CompilerServices;
using Informer.Ai.Credits;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Informer.Ai.Chats;

/// <summary>
/// One conversation: the only writer of its rows. It runs one turn at a time. The turn goes on between the
/// grain's calls, and watchers interleave with everything, so <see cref="Run"/> claims the chat before its first
/// await and every other call finds the claim.
/// </summary>
[GrainType("chat")]
public sealed partial class ChatGrain(
    IChatStore store, ICheckpointStore checkpoints, TurnServices services, IdSource ids, ILogger<ChatGrain> logger)
    : Grain, IChatGrain
{
    private readonly ILogger _logger = logger;
    private ChatKey _key;
    private StoredChat? _chat;
    private TurnRef? _claim;
    private Turn? _turn;
    private (Turn Turn, TurnRef Ref, long EndedAt)? _ended;

    private TenantId Tenant => _key.Tenant;

    private DateTimeOffset Now => services.Time.GetUtcNow();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var (tenant, user, id) = UserKey.Parse(this.GetPrimaryKeyString());
        _key = new ChatKey(tenant, user, new ChatId(id));
        _chat = await store.FindAsync(_key, cancellationToken);
        if (_chat?.Turn is { } interrupted)
        {
            await Recover(interrupted);
        }
    }

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
    public async Task<Chat> Create(ChatSettings settings, IReadOnlyList<PromptMessage> messages)
    {
        if (_chat is null)
        {
            var now = Now;
            var stored = messages.Select((message, at) => Stored(
                new ChatMessage(new MessageId(ids.Next()), message.Id, message.Role, message.Parts, null, null, now, now), at)).ToList();
            var chat = new StoredChat(settings, stored.Count, null, now, now);
            await store.CreateAsync(_key, chat, stored, CancellationToken.None);
            _chat = chat;
        }

        return await Describe(_chat);
    }

    /// <inheritdoc/>
    public async Task<Chat?> Read() => Existing() is { } chat ? await Describe(chat) : null;

    /// <inheritdoc/>
    public async Task<Chat?> Change(ChatSettings settings)
    {
        if (Existing() is not { } chat)
        {
            return null;
        }

        var now = Now;
        await store.ChangeAsync(_key, settings, now, CancellationToken.None);
        _chat = chat with { Settings = settings, UpdatedAt = now };
        return await Describe(_chat);
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (Existing() is null)
        {
            return false;
        }

        await Abort(null);
        await store.DeleteAsync(_key, CancellationToken.None);
        _chat = null;
        DeactivateOnIdle();
        return true;
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> Run(TurnRequest request)
    {
        if (services.Drain.Draining)
        {
            return new TurnDraining();
        }

        if (Existing() is not { } chat)
        {
            return new TurnNotFound("chat");
        }

        if (_claim is { } claimed)
        {
            return claimed.Id == request.Turn ? new TurnStarted(request.Turn) : new TurnInProgress(claimed.Id);
        }

        _claim = new TurnRef(request.Turn, Now);
        try
        {
            return await Start(chat, request, _claim) ?? new TurnStarted(request.Turn);
        }
        finally
        {
            if (_turn is null)
            {
                _claim = null;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TurnEvent> Watch(
        TurnId turn, long afterSeq, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Find(turn) is not { } found)
        {
            yield break;
        }

        using var seat = services.Drain.Watch();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation, services.Drain.Ended);
        await foreach (var happened in found.Log.Read(afterSeq, leave.Token))
        {
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task Abort(TurnId? turn)
    {
        if (_turn is { } running && (turn is null || turn == running.Id))
        {
            await running.Abort();
        }
    }

    /// <inheritdoc/>
    public async Task Disconnect(TurnId turn)
    {
        if (_turn is { Resumable: false } running && running.Id == turn)
        {
            await running.Abort();
        }
    }

    /// <inheritdoc/>
    public Task<TurnRef?> Joinable()
    {
        var recent = _ended is { } ended && services.Time.GetElapsedTime(ended.EndedAt) < services.Options.JoinableFor ? ended.Ref : null;
        return Task.FromResult(_turn is null ? recent : _claim);
    }

    /// <inheritdoc/>
    public async Task<MessagePage?> Messages(int start, int limit) =>
        Existing() is null ? null : await store.ListMessagesAsync(_key, start, limit, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<ChatMessage?> Message(MessageId id) =>
        Existing() is null ? null : (await store.FindMessageAsync(_key, id.ToString(), CancellationToken.None))?.Message;

    // An id that never was, or is no more, must not keep memory.
    private StoredChat? Existing()
    {
        if (_chat is null)
        {
            DeactivateOnIdle();
        }

        return _chat;
    }

    private Turn? Find(TurnId turn) =>
        _turn?.Id == turn ? _turn : _ended is { } ended && ended.Turn.Id == turn ? ended.Turn : null;

    private async Task<RunAnswer?> Start(StoredChat chat, TurnRequest request, TurnRef claim)
    {
        var model = await services.Grains.GetGrain<IModelCatalogGrain>(Tenant.Value).Resolve(request.ModelId ?? chat.Settings.ModelId);
        if (model is null)
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

        var (opening, refused) = await TurnOpening.Find(store, _key, chat, request.Input, ids, services.Counter, Now);
        if (opening is null)
        {
            return refused;
        }

        if (!model.Target.Attachments && opening.Input is { Message: var asked } && Prompt.HasFiles(Prompt.Messages(asked.Role, asked.Parts)))
        {
            return new ModelLacksCapability("attachments");
        }

        var plan = await Plan(chat, request, model, opening);
        if (await services.Grains.Admit(plan, request.Entity ?? chat.Settings.Entity) is { } denied)
        {
            return denied;
        }

        var stored = new StoredTurn(request.Turn, opening.Answer, opening.Ordinal, model.Target.Id, opening.Continues, claim.StartedAt);
        var turn = new Turn(plan, services, () => Began(stored, opening), outcome => Ended(stored, outcome));
        if (!turn.Start(this))
        {
            await services.Grains.GetGrain<ICreditPoolGrain>(Tenant.Value).Void(plan.Id.Hold);
            return new TurnDraining();
        }

        _turn = turn;
        _ = Release(turn, claim);
        return null;
    }

    private async Task<TurnPlan> Plan(StoredChat chat, TurnRequest request, ResolvedModel model, TurnOpening opening)
    {
        var outputMax = OutputSize.TokensMax(request.OutputSize ?? chat.Settings.OutputSize, model.Target);
        var system = Prompt.System(chat.Settings.Instructions, request.DynamicSystem).ToList();
        var newest = opening.Newest is { } message ? Prompt.Messages(message.Message.Role, message.Message.Parts).ToList() : [];
        var fixedTokens = Prompt.Count(services.Counter, system) + Prompt.Count(services.Counter, request.Tools) + Prompt.Count(services.Counter, newest);
        var room = Math.Max(0, model.Target.ContextWindow - outputMax - fixedTokens);
        var history = await store.LatestAsync(_key, opening.HistoryBefore, room, CancellationToken.None);
        var past = history.SelectMany(one => Prompt.Messages(one.Message.Role, one.Message.Parts));
        return new TurnPlan(
            _key.Tenant,
            _key.User,
            _key.Chat,
            request.Turn,
            opening.Answer.ToString(),
            opening.Continues,
            model,
            [.. system, .. model.Target.Attachments ? past : Prompt.WithoutFiles(past), .. newest],
            new ChatOptions
            {
                MaxOutputTokens = outputMax,
                Tools = request.Tools.Length == 0 ? null : Prompt.Tools(request.Tools),
            },
            fixedTokens + history.Sum(one => one.Tokens),
            outputMax,
            request.Resumable);
    }

    private async Task Began(StoredTurn turn, TurnOpening opening)
    {
        var next = opening.Ordinal + 1;
        await store.BeginTurnAsync(
            _key, new TurnStart(turn, opening.RemoveFrom, opening.Input, next), CancellationToken.None);
        _chat = _chat! with { NextOrdinal = next, Turn = turn, UpdatedAt = turn.StartedAt };
    }

    private async Task Ended(StoredTurn turn, TurnOutcome outcome)
    {
        var now = Now;
        var answer = outcome.Parts is { } parts
            ? Stored(new ChatMessage(turn.Answer, null, "assistant", parts, outcome.Metadata, null, turn.StartedAt, now), turn.Ordinal)
            : null;
        await store.EndTurnAsync(_key, new TurnEnd(turn.Id, answer, now), CancellationToken.None);
        _chat = _chat! with { Turn = null, UpdatedAt = now };
    }

    private async Task Release(Turn turn, TurnRef claim)
    {
        await turn.Completion;
        _ended = (turn, claim, services.Time.GetTimestamp());
        _turn = null;
        _claim = null;
        IGrainTimer? forget = null;
        forget = this.RegisterGrainTimer(
            () =>
            {
                _ended = _ended?.Turn == turn ? null : _ended;
                forget?.Dispose();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(services.Options.JoinableFor, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    // The process that ran this turn is gone: what it had kept is the answer, and what that cost is charged.
    private async Task Recover(StoredTurn turn)
    {
        var pool = services.Grains.GetGrain<ICreditPoolGrain>(Tenant.Value);
        var last = await checkpoints.FindAsync(Tenant, turn.Id.Hold, CancellationToken.None);
        var resolved = last is null
            ? await pool.Void(turn.Id.Hold)
            : await pool.Settle(new Settlement(turn.Id.Hold, last.CostMicroCredits, last.Usage, null, true, "error"));
        await Ended(turn, last is null
            ? new TurnOutcome(null, null)
            : new TurnOutcome(last.Parts, new MessageMetadata(turn.ModelId, last.Usage, resolved.ChargedMicroCredits, true, "error", turn.Id)));
        LogRecovered(_key.Chat, turn.Id, resolved.ChargedMicroCredits);
    }

    private StoredMessage Stored(ChatMessage message, long ordinal) =>
        new(message, ordinal, Prompt.Count(services.Counter, Prompt.Messages(message.Role, message.Parts)));

    private async Task<Chat> Describe(StoredChat chat)
    {
        var model = await services.Grains.GetGrain<IModelCatalogGrain>(Tenant.Value).Resolve(chat.Settings.ModelId);
        return new Chat(_key.Chat, chat.Settings, Staleness.Of(model, Now), chat.CreatedAt, chat.UpdatedAt, _turn is null ? null : _claim);
    }
}
