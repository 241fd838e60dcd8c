namespace Informer.Ai.Chats;

/// <content>What was said: read, and changed by its owner while the chat does not answer.</content>
public sealed partial class ChatGrain
{
    /// <inheritdoc/>
    public async Task<MessagePage?> Messages(int start, int limit)
    {
        if (Existing() is null)
        {
            return null;
        }

        var page = await store.ListMessagesAsync(_key, start, limit, CancellationToken.None);
        return GoingOn is { } hidden
            ? new MessagePage(page.Total - 1, page.Messages.RemoveAll(message => message.Id == hidden.Answer))
            : page;
    }

    /// <inheritdoc/>
    public async Task<ChatMessage?> Message(MessageId id) => (await Find(id))?.Message;

    /// <inheritdoc/>
    public async Task<MessageSlice?> MessagesAfter(long? after, int limit)
    {
        if (Existing() is null)
        {
            return null;
        }

        var slice = await store.MessagesAfterAsync(_key, after ?? -1, limit, CancellationToken.None);
        return new MessageSlice(
            [.. slice.Select(stored => stored.Message).Where(message => message.Id != GoingOn?.Answer)],
            slice.Count < limit ? null : slice[^1].Ordinal);
    }

    /// <inheritdoc/>
    public async Task<MessageAnswer> Append(PromptMessage message)
    {
        if (Existing() is not { } chat)
        {
            return new MessageAnswer(MessageOutcome.NotFound);
        }

        if (_claim is not null)
        {
            return new MessageAnswer(MessageOutcome.TurnInProgress);
        }

        var now = Now;
        var clientId = message.Id.Length == 0 ? null : message.Id;
        var added = new ChatMessage(new MessageId(ids.Next()), clientId, message.Role, message.Parts, null, null, now, now);
        await store.AppendAsync(_key, Stored(added, chat.NextOrdinal), CancellationToken.None);
        _chat = chat with { NextOrdinal = chat.NextOrdinal + 1, UpdatedAt = now };
        return new MessageAnswer(MessageOutcome.Done, added);
    }

    /// <inheritdoc/>
    public async Task<MessageAnswer> EditMessage(MessageId id, MessageEdit edit)
    {
        if (await Find(id) is not { } stored)
        {
            return new MessageAnswer(MessageOutcome.NotFound);
        }

        if (edit.Parts is not null && _claim is not null)
        {
            return new MessageAnswer(MessageOutcome.TurnInProgress);
        }

        var message = stored.Message;
        var edited = Stored(
            message with
            {
                Parts = edit.Parts ?? message.Parts,
                Feedback = edit.Rated ? edit.Feedback : message.Feedback,
                UpdatedAt = Now,
            },
            stored.Ordinal);
        await store.EditAsync(_key, edited, CancellationToken.None);
        return new MessageAnswer(MessageOutcome.Done, edited.Message);
    }

    /// <inheritdoc/>
    public async Task<MessageAnswer> DeleteMessage(MessageId id, bool after)
    {
        if (await Find(id) is not { } stored)
        {
            return new MessageAnswer(MessageOutcome.NotFound);
        }

        if (_claim is not null)
        {
            return new MessageAnswer(MessageOutcome.TurnInProgress);
        }

        await store.RemoveAsync(_key, stored.Ordinal, after ? long.MaxValue : stored.Ordinal, CancellationToken.None);
        return new MessageAnswer(MessageOutcome.Done);
    }

    // An answer that goes on after a tool was stored with the call: until it is whole it is not handed out, so that a
    // client that joins it does not see it twice.
    private StoredTurn? GoingOn => _turn is not null && _chat?.Turn is { Continues: not null } turn ? turn : null;

    private async Task<StoredMessage?> Find(MessageId id) =>
        Existing() is null || GoingOn?.Answer == id ? null : await store.FindMessageAsync(_key, id.ToString(), CancellationToken.None);
}
