using Informer.Ai.Tenancy;

namespace Informer.Ai.Chats;

/// <summary>Whose chat; every statement is bounded by all three.</summary>
public readonly record struct ChatKey(TenantId Tenant, UserId User, ChatId Chat);

/// <summary>
/// The rows of conversations. A turn costs the same in a long chat as in a short one. Writes are durable when
/// they return.
/// </summary>
public interface IChatStore
{
    /// <summary>The chat, or null when this user has none of that id.</summary>
    Task<StoredChat?> FindAsync(ChatKey key, CancellationToken cancellation);

    /// <summary>Adds a chat and its first messages.</summary>
    Task CreateAsync(ChatKey key, StoredChat chat, IReadOnlyList<StoredMessage> messages, CancellationToken cancellation);

    /// <summary>Replaces a chat's settings.</summary>
    Task ChangeAsync(ChatKey key, ChatSettings settings, DateTimeOffset updatedAt, CancellationToken cancellation);

    /// <summary>Gives a chat a name unless it has one or its owner wants none; false when it was left as it is.</summary>
    Task<bool> NameAsync(ChatKey key, string name, CancellationToken cancellation);

    /// <summary>Adds a chat with copies of another's messages up to an ordinal.</summary>
    Task ForkAsync(ChatKey key, ChatId fork, StoredChat chat, long last, CancellationToken cancellation);

    /// <summary>Adds a message, whose ordinal is the chat's next.</summary>
    Task AppendAsync(ChatKey key, StoredMessage message, CancellationToken cancellation);

    /// <summary>Replaces what its owner may change of a message: parts and feedback.</summary>
    Task EditAsync(ChatKey key, StoredMessage message, CancellationToken cancellation);

    /// <summary>Deletes the messages from one ordinal to another, both included.</summary>
    Task RemoveAsync(ChatKey key, long first, long last, CancellationToken cancellation);

    /// <summary>Deletes a chat with its messages and checkpoints.</summary>
    Task DeleteAsync(ChatKey key, CancellationToken cancellation);

    /// <summary>A user's chats, pinned first, then the latest; <see cref="Chat.Stale"/> is false in all of them.</summary>
    Task<ChatPage> ListAsync(TenantId tenant, UserId user, ChatQuery query, CancellationToken cancellation);

    /// <summary>Marks a turn as running, with the messages that it begins with, in one transaction.</summary>
    Task BeginTurnAsync(ChatKey key, TurnStart start, CancellationToken cancellation);

    /// <summary>Keeps the answer, clears the mark and drops the turn's checkpoint, in one transaction.</summary>
    Task EndTurnAsync(ChatKey key, TurnEnd end, CancellationToken cancellation);

    /// <summary>
    /// The latest messages with an ordinal below <paramref name="before"/> whose tokens sum up to no more than
    /// <paramref name="tokensMax"/>, oldest first. Reads no more rows than it returns, and one.
    /// </summary>
    Task<IReadOnlyList<StoredMessage>> LatestAsync(
        ChatKey key, long before, int tokensMax, CancellationToken cancellation);

    /// <summary>The last message below an ordinal; null when there is none.</summary>
    Task<StoredMessage?> MessageBeforeAsync(ChatKey key, long ordinal, CancellationToken cancellation);

    /// <summary>The message with this id, or else the one to which a client gave it; null when there is none.</summary>
    Task<StoredMessage?> FindMessageAsync(ChatKey key, string idOrClientId, CancellationToken cancellation);

    /// <summary>The next messages after an ordinal, in order.</summary>
    Task<IReadOnlyList<StoredMessage>> MessagesAfterAsync(ChatKey key, long ordinal, int limit, CancellationToken cancellation);

    /// <summary>Messages in order.</summary>
    Task<MessagePage> ListMessagesAsync(ChatKey key, int start, int limit, CancellationToken cancellation);
}

/// <summary>A chat's row.</summary>
/// <param name="NextOrdinal">The place of the next message; grows only.</param>
/// <param name="Turn">The turn that was running when it was last written.</param>
/// <param name="NamingTried">The service has tried to name it.</param>
public sealed record StoredChat(
    ChatSettings Settings,
    long NextOrdinal,
    StoredTurn? Turn,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    bool NamingTried = false);

/// <summary>The mark of a running turn, from which a turn whose process died is completed.</summary>
/// <param name="Ordinal">The place of its answer.</param>
/// <param name="Continues">The parts of an earlier answer that this one goes on from (JSON array); null for a new one.</param>
public sealed record StoredTurn(
    TurnId Id,
    MessageId Answer,
    long Ordinal,
    string ModelId,
    string? Continues,
    DateTimeOffset StartedAt);

/// <summary>A message's row.</summary>
/// <param name="Ordinal">Its place in the chat.</param>
/// <param name="Tokens">What it counts as in a prompt.</param>
public sealed record StoredMessage(ChatMessage Message, long Ordinal, int Tokens);

/// <summary>What begins with a turn.</summary>
/// <param name="RemoveFrom">Messages from this ordinal on are replaced by the turn.</param>
/// <param name="Input">The user's message, or the answer with its new tool results: added, or replaced if its id is there.</param>
/// <param name="NextOrdinal">The chat's from now on.</param>
public sealed record TurnStart(
    StoredTurn Turn,
    long? RemoveFrom,
    StoredMessage? Input,
    long NextOrdinal);

/// <summary>What ends with a turn.</summary>
/// <param name="Answer">Added, or replaced if its id is there; null when nothing came.</param>
/// <param name="Naming">The chat is about to be named.</param>
public sealed record TurnEnd(TurnId Turn, StoredMessage? Answer, DateTimeOffset At, bool Naming = false);
