using Informer.Ai.Credits;
using Orleans.Concurrency;

namespace Informer.Ai.Chats;

/// <summary>One conversation: the only writer of its rows, and where its turns run. Keyed by <see cref="Tenancy.UserKey"/>.</summary>
[GrainInterfaceType("chat")]
public interface IChatGrain : ITurnGrain
{
    /// <summary>Makes the chat with the messages given.</summary>
    [Alias("create")]
    Task<Chat> Create(ChatSettings settings, IReadOnlyList<PromptMessage> messages);

    /// <summary>The chat, or null when there is none.</summary>
    [Alias("read")]
    Task<Chat?> Read();

    /// <summary>Replaces the settings; null when there is no such chat.</summary>
    /// <param name="renamed">The name is among what its owner changes; else the chat's own is kept.</param>
    [Alias("change")]
    Task<Chat?> Change(ChatSettings settings, bool renamed);

    /// <summary>Gives the chat the name that the service found for it, unless its owner was first.</summary>
    [Alias("named")]
    Task Named(string name);

    /// <summary>Deletes the chat with everything in it and aborts a turn in flight; false when there is none.</summary>
    [Alias("delete")]
    Task<bool> Delete();

    /// <summary>Claims the chat for one answer, holds its credits and starts it.</summary>
    /// <exception cref="Credits.LedgerUnavailableException">The hold could not be made durable; nothing runs.</exception>
    [Alias("run")]
    Task<RunAnswer> Run(TurnRequest request);

    /// <summary>The turn that can be joined: in flight, or ended in the last 30 seconds; else null.</summary>
    [Alias("joinable")]
    Task<TurnRef?> Joinable();

    /// <summary>
    /// Waits for the end of a turn that is about to end because its client left; false when it does not within
    /// a bounded time, or goes on without its client.
    /// </summary>
    [Alias("over"), AlwaysInterleave]
    Task<bool> Over(TurnId turn);

    /// <summary>Makes a chat with the history up to a message, or all of it; null when there is none such.</summary>
    [Alias("fork")]
    Task<Chat?> Fork(ChatId fork, MessageId? last);

    /// <summary>A direct call that explains an answer of this chat, ready to be run.</summary>
    [Alias("explain")]
    Task<Explanation> Explain(TurnId turn, MessageId id, EntityRef? entity);

    /// <summary>Adds a message without running a turn.</summary>
    [Alias("append")]
    Task<MessageAnswer> Append(PromptMessage message);

    /// <summary>Changes a message; nothing is run again.</summary>
    [Alias("edit-message")]
    Task<MessageAnswer> EditMessage(MessageId id, MessageEdit edit);

    /// <summary>Deletes a message, or it and all after it.</summary>
    [Alias("delete-message")]
    Task<MessageAnswer> DeleteMessage(MessageId id, bool after);

    /// <summary>The next messages of a reading from start to end; null when there is no such chat.</summary>
    /// <param name="after">Where the last slice ended; null at the start.</param>
    [Alias("messages-after")]
    Task<MessageSlice?> MessagesAfter(long? after, int limit);

    /// <summary>Messages in order; null when there is no such chat. An answer in flight is not among them.</summary>
    [Alias("messages")]
    Task<MessagePage?> Messages(int start, int limit);

    /// <summary>One message; null when there is none.</summary>
    [Alias("message")]
    Task<ChatMessage?> Message(MessageId id);
}
