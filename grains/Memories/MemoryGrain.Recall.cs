using Informer.Ai.Chats;
using Informer.Ai.Models;

namespace Informer.Ai.Memories;

/// <content>What the service does by itself: recall into a turn, and memories of its own.</content>
public sealed partial class MemoryGrain
{
    // The topic is told by its last questions; more would only blur it.
    private const int TopicQuestionsMax = 10;
    private const int EmbeddingsKept = 256;

    private readonly Dictionary<MessageId, Embedding> _questions = [];
    private readonly HashSet<ChatId> _remembering = [];

    private MemoryOptions Options => options.Value;

    private bool Off => Options.OffTenants.Contains(_owner.Tenant.Value);

    /// <inheritdoc/>
    public async Task<Recollection> Recall(RecallRequest request)
    {
        try
        {
            return Off ? Recollection.None : await RecallInto(request);
        }
        catch (Exception failure)
        {
            metrics.Recalled("failed");
            if (failure is ProviderException provider)
            {
                LogNotRecalled(request.Chat, provider.Code);
            }
            else
            {
                LogFailed(request.Chat, failure);
            }

            return Recollection.None;
        }
    }

    /// <inheritdoc/>
    public async Task Notice(TurnNotice notice)
    {
        try
        {
            if (Off)
            {
                return;
            }

            var unsummed = await store.UnsummedAsync(Key(notice.Chat), long.MaxValue, Options.MessagesThreshold, CancellationToken.None);
            var reason = unsummed.Count >= Options.MessagesThreshold
                ? MemoryReason.LengthThreshold
                : unsummed.LastOrDefault(message => message.Message.Role == "user") is { } last
                    && MemoryText.Closes(MemoryText.Said(last.Message.Parts), Options.ClosingPhrases)
                        ? MemoryReason.CompletedDiscussion
                        : null;
            if (reason is not null)
            {
                await Remember(new CallFor(_owner, notice.Chat, notice.Turn, notice.Entity), unsummed, reason);
            }
        }
        catch (Exception failure)
        {
            LogFailed(notice.Chat, failure);
        }
    }

    private async Task<Recollection> RecallInto(RecallRequest request)
    {
        var started = time.GetTimestamp();
        _empty = _empty || !await store.AnyAsync(_owner, CancellationToken.None);
        var before = await Before(request);
        var topic = await NewStretch(request, before) ? [] : Questions(before);
        if (_empty && topic.Count == 0)
        {
            return Recollection.None;
        }

        var made = new CallFor(_owner, request.Chat, request.Turn, request.Entity);
        var (question, running, denied) = await Embed(made, request, topic);
        if (denied is not null)
        {
            metrics.Recalled("denied");
            return Recollection.None;
        }

        if (running is not null && running.Space == question!.Space && question.Cosine(running) < Options.TopicScoreMin)
        {
            _ = RememberInBackground(made, before, MemoryReason.TopicChange);
        }

        if (_empty || Options.RecallMax == 0)
        {
            return Recollection.None;
        }

        EmbedAnew(question!.Space);
        var hits = await Find(new IndexQuery(question, null, Options.RecallMax, Options.RecallScoreMin));
        metrics.Recalled(hits switch
        {
            null => "unavailable",
            { IsEmpty: true } => "none",
            _ => time.GetElapsedTime(started) > Options.RecallWait ? "late" : "found",
        });
        return hits is { } found ? new Recollection(found) : Recollection.None;
    }

    // Messages before the question that are in no memory; none where there are too few for any.
    private async Task<IReadOnlyList<StoredMessage>> Before(RecallRequest request) =>
        request.Ordinal < 2
            ? []
            : await store.UnsummedAsync(Key(request.Chat), request.Ordinal, Options.MessagesThreshold, CancellationToken.None);

    // A turn after a long time: what was before is remembered, and has no topic to compare with.
    private async Task<bool> NewStretch(RecallRequest request, IReadOnlyList<StoredMessage> before)
    {
        if (before.Count == 0
            || await chats.MessageBeforeAsync(Key(request.Chat), request.Ordinal, CancellationToken.None) is not { } last
            || time.GetUtcNow() - last.Message.UpdatedAt <= Options.TimeThreshold)
        {
            return false;
        }

        _ = RememberInBackground(
            new CallFor(_owner, request.Chat, request.Turn, request.Entity), before, MemoryReason.TimeThreshold);
        return true;
    }

    private List<StoredMessage> Questions(IReadOnlyList<StoredMessage> before) =>
        before.Count < Options.TopicMessagesMin
            ? []
            : [.. before.Where(message => message.Message.Role == "user" && MemoryText.Said(message.Message.Parts).Length > 0).TakeLast(TopicQuestionsMax)];

    // In one call: the question, and those of the topic that are not known from before.
    private async Task<(Embedding? Question, Embedding? Topic, RunAnswer? Denied)> Embed(
        CallFor made, RecallRequest request, List<StoredMessage> topic)
    {
        var unknown = topic.Where(message => !_questions.ContainsKey(message.Message.Id)).ToList();
        string[] texts = [request.Text, .. unknown.Select(message => MemoryText.Said(message.Message.Parts))];
        var (embeddings, denied) = await calls.Embed(made, texts);
        if (denied is not null)
        {
            return (null, null, denied);
        }

        if (_questions.Count + embeddings!.Count > EmbeddingsKept)
        {
            _questions.Clear();
        }

        foreach (var (id, embedding) in unknown.Select(message => message.Message.Id).Prepend(request.Question).Zip(embeddings))
        {
            _questions[id] = embedding;
        }

        var space = embeddings[0].Space;
        var running = topic.Select(message => _questions.GetValueOrDefault(message.Message.Id)).OfType<Embedding>().Where(known => known.Space == space);
        return (embeddings[0], Embedding.Between([.. running]), null);
    }

    private async Task RememberInBackground(CallFor made, IReadOnlyList<StoredMessage> messages, string reason)
    {
        try
        {
            await Remember(made, messages, reason);
        }
        catch (Exception failure)
        {
            LogFailed(made.Chat, failure);
        }
    }

    private async Task Remember(CallFor made, IReadOnlyList<StoredMessage> messages, string reason)
    {
        // Who comes second sees the same messages, which are being summed up already.
        if (!_remembering.Add(made.Chat!.Value))
        {
            return;
        }

        try
        {
            var answer = await Answered(() => Make(made, new MemoryId(ids.Next()), null, reason, messages));
            if (answer is not MemoryKept)
            {
                LogNotMade(made.Chat.Value, reason, answer is MemoryProviderFailed failed ? failed.Code : answer.GetType().Name);
            }
        }
        finally
        {
            _remembering.Remove(made.Chat.Value);
        }
    }
}
