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
    IChatStore store, ICheckpointStore checkpoints, TurnServices services, ModelCalls calls, IdSource ids, ILogger<ChatGrain> logger)
    : Grain, IChatGrain
{
    private readonly ILogger _logger = logger;
    private ChatKey _key;
    private StoredChat? _chat;
    private TurnRef? _claim;
    private Turn? _turn;
    private Task _released = Task.CompletedTask;
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
    public async Task<Chat?> Change(ChatSettings settings, bool renamed)
    {
        if (Existing() is not { } chat)
        {
            return null;
        }

        var now = Now;
        var changed = renamed ? settings : settings with { Name = chat.Settings.Name };
        await store.ChangeAsync(_key, changed, now, CancellationToken.None);
        _chat = _chat! with { Settings = changed, UpdatedAt = now };
        return await Describe(_chat);
    }

    /// <inheritdoc/>
    public async Task Named(string name)
    {
        if (Existing() is not null && await store.NameAsync(_key, name, CancellationToken.None))
        {
            _chat = _chat! with { Settings = _chat.Settings with { Name = name } };
        }
    }

    /// <inheritdoc/>
    public async Task<Chat?> Fork(ChatId fork, MessageId? last)
    {
        var named = last is { } id ? await Find(id) : null;
        if (Existing() is not { } chat || (last is not null && named is null))
        {
            return null;
        }

        var now = Now;
        var end = named?.Ordinal ?? (GoingOn?.Ordinal ?? chat.NextOrdinal) - 1;
        var made = new StoredChat(chat.Settings with { Pinned = false }, end + 1, null, now, now);
        await store.ForkAsync(_key, fork, made, end, CancellationToken.None);
        return (await Describe(made)) with { Id = fork, Turn = null };
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (Existing() is null)
        {
            return false;
        }

        await Abort(null);
        await Memories.Forget(_key.Chat);
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
        await foreach (var happened in found.Read(afterSeq, leave.Token))
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
            await _released;
        }
    }

    /// <inheritdoc/>
    public async Task Disconnect(TurnId turn)
    {
        if (_turn is { Resumable: false } running && running.Id == turn)
        {
            await running.Abort();
            await _released;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> Over(TurnId turn)
    {
        if (_claim?.Id == turn && _turn is { Resumable: false })
        {
            await Task.WhenAny(_released, Task.Delay(services.Options.LeaveWait, services.Time));
        }

        return _claim?.Id != turn;
    }

    /// <inheritdoc/>
    public Task<TurnRef?> Joinable()
    {
        var recent = _ended is { } ended && services.Time.GetElapsedTime(ended.EndedAt) < services.Options.JoinableFor ? ended.Ref : null;
        return Task.FromResult(_turn is null ? recent : _claim);
    }

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

        plan = await Remind(plan, opening, request.Entity ?? chat.Settings.Entity);
        var stored = new StoredTurn(request.Turn, opening.Answer, opening.Ordinal, model.Target.Id, opening.Continues, claim.StartedAt);
        var turn = new Turn(plan, services, () => Began(stored, opening), outcome => Ended(stored, outcome));
        if (!turn.Start(this))
        {
            await services.Grains.GetGrain<ICreditPoolGrain>(Tenant.Value).Void(plan.Id.Hold);
            return new TurnDraining();
        }

        _turn = turn;
        _released = Release(turn, claim);
        return null;
    }

    private async Task<TurnPlan> Plan(StoredChat chat, TurnRequest request, ResolvedModel model, TurnOpening opening)
    {
        var outputMax = OutputSize.TokensMax(request.OutputSize ?? chat.Settings.OutputSize, model.Target);
        var system = Prompt.System(chat.Settings.Instructions, request.DynamicSystem).ToList();
        var newest = opening.Newest is { } message ? Prompt.Messages(message.Message.Role, message.Message.Parts).ToList() : [];
        var fixedTokens = Prompt.Count(services.Counter, system) + Prompt.Count(services.Counter, request.Tools) + Prompt.Count(services.Counter, newest);
        var room = Math.Max(0, model.Target.ContextWindow - outputMax - fixedTokens - RoomForMemories(model.Target));
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
            request.Resumable)
        {
            Denied = opening.Denied,
        };
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
        var answer = outcome.Parts is { } parts ? await Answer(turn, parts, outcome.Metadata) : null;
        var now = Now;
        var naming = WantsName(outcome);
        await store.EndTurnAsync(_key, new TurnEnd(turn.Id, answer, now, naming), CancellationToken.None);
        _chat = _chat! with { Turn = null, UpdatedAt = now, NamingTried = _chat.NamingTried || naming };
        _toBeNamedAfter = naming ? turn : null;
        NoticeEnd(turn.Id, _chat.Settings.Entity);
    }

    // An answer that goes on after a tool is one message of several calls: it tells what they cost together.
    private async Task<StoredMessage> Answer(StoredTurn turn, string parts, MessageMetadata? metadata)
    {
        var earlier = turn.Continues is null
            ? null
            : (await store.FindMessageAsync(_key, turn.Answer.ToString(), CancellationToken.None))?.Message;
        return Stored(
            new ChatMessage(
                turn.Answer,
                null,
                "assistant",
                parts,
                metadata?.After(earlier?.Metadata),
                earlier?.Feedback,
                earlier?.CreatedAt ?? turn.StartedAt,
                Now),
            turn.Ordinal);
    }

    private async Task Release(Turn turn, TurnRef claim)
    {
        await turn.Completion;
        _ended = (turn, claim, services.Time.GetTimestamp());
        _turn = null;
        _claim = null;
        if (_toBeNamedAfter is { } first)
        {
            _toBeNamedAfter = null;
            _ = FindName(first);
        }

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
