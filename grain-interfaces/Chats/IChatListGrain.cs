namespace Informer.Ai.Chats;

/// <summary>Lists a user's chats. Stateless. Keyed by <see cref="Tenancy.UserKey"/>.</summary>
[GrainInterfaceType("chat-list")]
public interface IChatListGrain : IGrainWithStringKey
{
    /// <summary>The chats that match, pinned first, then the latest.</summary>
    [Alias("list")]
    Task<ChatPage> List(ChatQuery query);
}
