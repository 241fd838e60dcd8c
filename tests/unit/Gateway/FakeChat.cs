using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Informer.Ai.Chats;
using Informer.Ai.Credits;

namespace Informer.Ai.Gateway;

/// <summary>A chat, or a direct call, that answers what a test tells it and remembers what it was asked.</summary>
internal sealed class FakeChat : IChatGrain, IInvocationGrain
{
    private readonly Channel<TurnEvent> events = Channel.CreateUnbounded<TurnEvent>();
    private readonly List<TurnEvent> log = [];

    public Chat? Chat { get; set; }

    public Func<TurnId, RunAnswer> Answer { get; set; } = turn => new TurnStarted(turn);

    public Exception? Fails { get; set; }

    /// <summary>Thrown by a watch once it has given this many events; then not again.</summary>
    public (int After, Exception Exception)? Breaks { get; set; }

    public TurnRef? JoinableTurn { get; set; }

    public TurnRequest? Request { get; private set; }

    public InvocationRequest? Invocation { get; private set; }

    public List<long> Watches { get; } = [];

    public TaskCompletionSource<TurnId> Disconnected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Aborted { get; private set; }

    public ChatSettings? Settings { get; private set; }

    public bool Renamed { get; private set; }

    public bool IsOver { get; set; }

    public MessageOutcome Outcome { get; set; }

    public MessageEdit? Edit { get; private set; }

    public List<ChatMessage> Kept { get; } = [];

    public void Emit(params TurnEvent[] turnEvents)
    {
        foreach (var turnEvent in turnEvents)
        {
            events.Writer.TryWrite(turnEvent);
        }
    }

    public void End() => events.Writer.TryComplete();

    public Task<RunAnswer> Run(TurnRequest request)
    {
        Request = request;
        return Fails is null ? Task.FromResult(Answer(request.Turn)) : Task.FromException<RunAnswer>(Fails);
    }

    public Task<RunAnswer> Run(InvocationRequest request)
    {
        Invocation = request;
        return Fails is null ? Task.FromResult(Answer(request.Turn)) : Task.FromException<RunAnswer>(Fails);
    }

    public async IAsyncEnumerable<TurnEvent> Watch(TurnId turn, long afterSeq, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Watches.Add(afterSeq);
        var given = 0;
        foreach (var seen in log.Where(seen => seen.Seq > afterSeq).ToList())
        {
            yield return seen;
        }

        await foreach (var turnEvent in events.Reader.ReadAllAsync(cancellation))
        {
            log.Add(turnEvent);
            if (turnEvent.Seq > afterSeq)
            {
                yield return turnEvent;
            }

            if (Breaks is { } breaks && ++given >= breaks.After)
            {
                Breaks = null;
                throw breaks.Exception;
            }
        }
    }

    public Task Abort(TurnId? turn)
    {
        Aborted = true;
        return Task.CompletedTask;
    }

    public Task Disconnect(TurnId turn)
    {
        Disconnected.TrySetResult(turn);
        return Task.CompletedTask;
    }

    public Task<Chat> Create(ChatSettings settings, IReadOnlyList<PromptMessage> messages)
    {
        Settings = settings;
        return Task.FromResult(new Chat(new ChatId(Guid.AllBitsSet), settings, false, Samples.Noon, Samples.Noon, null));
    }

    public Task<Chat?> Read() => Task.FromResult(Chat);

    public Task<Chat?> Change(ChatSettings settings, bool renamed)
    {
        Renamed = renamed;
        Settings = settings;
        return Task.FromResult(Chat is null ? null : Chat with { Settings = settings });
    }

    public Task<bool> Delete() => Task.FromResult(Chat is not null);

    public Task Named(string name) => Task.CompletedTask;

    public Task<bool> Over(TurnId turn) => Task.FromResult(IsOver);

    public Task<Chat?> Fork(ChatId fork, MessageId? last) =>
        Task.FromResult(Chat is null || (last is { } id && Kept.TrueForAll(message => message.Id != id)) ? null : Chat with { Id = fork });

    public Task<Explanation> Explain(TurnId turn, MessageId id, EntityRef? entity) =>
        Task.FromResult(new Explanation(null, new TurnNotFound("message")));

    public Task<MessageAnswer> Append(PromptMessage message)
    {
        var added = new ChatMessage(new MessageId(Guid.AllBitsSet), message.Id, message.Role, message.Parts, null, null, Samples.Noon, Samples.Noon);
        return Task.FromResult(Chat is null ? new MessageAnswer(MessageOutcome.NotFound)
            : new MessageAnswer(Outcome, Outcome == MessageOutcome.Done ? added : null));
    }

    public Task<MessageAnswer> EditMessage(MessageId id, MessageEdit edit)
    {
        Edit = edit;
        return Task.FromResult(new MessageAnswer(Outcome, Outcome == MessageOutcome.Done ? Kept.Find(message => message.Id == id) : null));
    }

    public Task<MessageAnswer> DeleteMessage(MessageId id, bool after) =>
        Task.FromResult(new MessageAnswer(Kept.Exists(message => message.Id == id) ? Outcome : MessageOutcome.NotFound));

    public Task<MessageSlice?> MessagesAfter(long? after, int limit) => Task.FromResult(Chat is null ? null : new MessageSlice(
        [.. Kept.Skip((int)(after ?? 0)).Take(limit)], Kept.Count > (after ?? 0) + limit ? (after ?? 0) + limit : null));

    public Task<TurnRef?> Joinable() => Task.FromResult(JoinableTurn);

    public Task<MessagePage?> Messages(int start, int limit) =>
        Task.FromResult(Chat is null ? null : new MessagePage(Kept.Count, [.. Kept.Skip(start).Take(limit)]));

    public Task<ChatMessage?> Message(MessageId id) => Task.FromResult(Kept.Find(message => message.Id == id));
}
