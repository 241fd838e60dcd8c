using System.Collections.Immutable;
using Informer.Ai.Models;

namespace Informer.Ai.Chats;

/// <summary>Where in the chat a turn begins: what it answers to, what it replaces, where its answer goes.</summary>
/// <param name="Answer">The id of the answer.</param>
/// <param name="Ordinal">The place of the answer.</param>
/// <param name="HistoryBefore">Messages below this ordinal are history.</param>
/// <param name="Newest">The message that always goes to the model; null when it is in the history already.</param>
/// <param name="Input">What is stored when the turn begins.</param>
/// <param name="RemoveFrom">Messages from here on are replaced.</param>
/// <param name="Continues">The parts that the answer goes on from.</param>
internal sealed record TurnOpening(
    MessageId Answer,
    long Ordinal,
    long HistoryBefore,
    StoredMessage? Newest,
    StoredMessage? Input,
    long? RemoveFrom,
    string? Continues)
{
    /// <summary>Calls of the answer that goes on which the user has not allowed.</summary>
    public ImmutableArray<string> Denied { get; private init; } = [];

    /// <summary>Finds it, or the answer for a caller that asked for what cannot be.</summary>
    public static async Task<(TurnOpening? Opening, RunAnswer? Refused)> Find(
        IChatStore store, ChatKey key, StoredChat chat, TurnInput input, IdSource ids, TokenCounter counter, DateTimeOffset now)
    {
        switch (input)
        {
            case NewMessage { Replaces: { } name } message when await store.FindMessageAsync(key, name, CancellationToken.None) is { } old:
                return old.Message.Role == "user"
                    ? (AskAnew(old, message, ids, counter, now), null)
                    : (null, new TurnInvalid("messageId", "Only a message of the user can be asked anew."));

            case NewMessage message:
                return (Ask(chat, message, ids, counter, now), null);

            case ToolResults results:
                return await Continue(store, key, results, counter, now);

            case Regenerate regenerate:
                var named = await Named(store, key, regenerate);
                if (named is null)
                {
                    // The turn of this question was refused, so that it was never kept: it is asked for the first time.
                    return regenerate.Latest is { ClientId: not null } unkept
                        ? (Ask(chat, unkept, ids, counter, now), null)
                        : (null, new TurnNotFound("message"));
                }

                var from = named.Message.Role == "user" ? named.Ordinal + 1 : named.Ordinal;
                return await store.MessageBeforeAsync(key, from, CancellationToken.None) is { Message.Role: "user" } last
                    ? (new TurnOpening(new MessageId(ids.Next()), from, last.Ordinal, last, null, from, null), null)
                    : (null, new TurnInvalid("messageId", "There is no message of the user before this answer."));

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static TurnOpening Ask(StoredChat chat, NewMessage message, IdSource ids, TokenCounter counter, DateTimeOffset now)
    {
        var answer = new MessageId(ids.Next());
        var question = new ChatMessage(new MessageId(ids.Next()), message.ClientId, "user", message.Parts, null, null, now, now);
        var asked = new StoredMessage(question, chat.NextOrdinal, Prompt.Count(counter, Prompt.Messages("user", message.Parts)));
        return new TurnOpening(answer, chat.NextOrdinal + 1, chat.NextOrdinal, asked, asked, null, null);
    }

    // Under its old id and in its old place; what followed it is gone.
    private static TurnOpening AskAnew(StoredMessage old, NewMessage message, IdSource ids, TokenCounter counter, DateTimeOffset now)
    {
        var question = old.Message with { Parts = message.Parts, Metadata = null, Feedback = null, UpdatedAt = now };
        var asked = new StoredMessage(question, old.Ordinal, Prompt.Count(counter, Prompt.Messages("user", message.Parts)));
        return new TurnOpening(new MessageId(ids.Next()), old.Ordinal + 1, old.Ordinal, asked, asked, old.Ordinal, null);
    }

    // An answer of which nothing came is known to the client alone; the question before it names the place as well.
    private static async Task<StoredMessage?> Named(IChatStore store, ChatKey key, Regenerate regenerate)
    {
        string?[] names = [regenerate.MessageId, regenerate.Latest?.ClientId];
        foreach (var name in names.OfType<string>())
        {
            if (await store.FindMessageAsync(key, name, CancellationToken.None) is { } found)
            {
                return found;
            }
        }

        return names.Any(name => name is not null) ? null : await store.MessageBeforeAsync(key, long.MaxValue, CancellationToken.None);
    }

    private static async Task<(TurnOpening?, RunAnswer?)> Continue(
        IChatStore store, ChatKey key, ToolResults results, TokenCounter counter, DateTimeOffset now)
    {
        var last = await store.MessageBeforeAsync(key, long.MaxValue, CancellationToken.None);
        if (last is not { Message.Role: "assistant" } || last.Message.Id.ToString() != results.MessageId)
        {
            return (null, new TurnInvalid("messages", "Tool results go to the last answer of the chat."));
        }

        if (ToolPart.WithResults(last.Message.Parts, results.Parts) is not var (parts, denied))
        {
            return (null, new TurnInvalid("messages", "A tool call of the last answer has no result yet."));
        }

        var answered = last with
        {
            Message = last.Message with { Parts = parts, UpdatedAt = now },
            Tokens = Prompt.Count(counter, Prompt.Messages("assistant", parts)),
        };
        return (new TurnOpening(last.Message.Id, last.Ordinal, last.Ordinal, answered, answered, null, parts) { Denied = denied }, null);
    }
}
