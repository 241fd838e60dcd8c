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
    [Alias("change")]
    Task<Chat?> Change(ChatSettings settings);

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

    /// <summary>Messages in order; null when there is no such chat. An answer in flight is not among them.</summary>
    [Alias("messages")]
    Task<MessagePage?> Messages(int start, int limit);

    /// <summary>One message; null when there is none.</summary>
    [Alias("message")]
    Task<ChatMessage?> Message(MessageId id);
}
