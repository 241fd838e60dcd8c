using System.Collections.Immutable;

namespace Informer.Ai.Chats;

/// <summary>Which of a user's chats to list: pinned first, then the latest.</summary>
/// <param name="Search">Part of the name, any case.</param>
[GenerateSerializer, Immutable, Alias("chat-query")]
public sealed record ChatQuery(
    [property: Id(0)] int Limit,
    [property: Id(1)] int Offset,
    [property: Id(2)] string? Search,
    [property: Id(3)] string? Directory,
    [property: Id(4)] bool? Pinned);

/// <summary>A page of chats and how many there are in all.</summary>
[GenerateSerializer, Immutable, Alias("chat-page")]
public sealed record ChatPage(
    [property: Id(0)] int Total,
    [property: Id(1)] ImmutableArray<Chat> Chats);

/// <summary>A page of messages, oldest first, and how many there are in all.</summary>
[GenerateSerializer, Immutable, Alias("message-page")]
public sealed record MessagePage(
    [property: Id(0)] int Total,
    [property: Id(1)] ImmutableArray<ChatMessage> Messages);
