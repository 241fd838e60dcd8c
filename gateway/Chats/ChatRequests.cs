using System.Text.Json.Nodes;

namespace Informer.Ai.Chats;

// The shapes of bodies as the API description shows them. They are read field by field, because an absent field
// and null mean different things, and because a wrong one is answered in the words of the client's library.

/// <summary>Makes a chat. Everything but <paramref name="ModelId"/> may be left out.</summary>
public sealed record CreateChatRequest(
    string ModelId, string? Name, bool? AutoRename, string? Tier, string? Instructions, JsonArray? Messages, bool? Web,
    bool? HelpCenter, bool? MagicReport, bool? Pinned, string? Directory, string? OutputSize, string? OwnerAssistantId,
    string? PrimaryAssistantId, string[]? AssistantIds, string[]? DatasetIds, string[]? LibraryIds, EntityResponse? Entity);

/// <summary>Changes a chat: what is left out stays.</summary>
public sealed record ChangeChatRequest(
    string? ModelId, string? Name, bool? AutoRename, string? Tier, string? Instructions, bool? Web,
    bool? HelpCenter, bool? MagicReport, bool? Pinned, string? Directory, string? OutputSize, string? OwnerAssistantId,
    string? PrimaryAssistantId, string[]? AssistantIds, string[]? DatasetIds, string[]? LibraryIds, EntityResponse? Entity);

/// <summary>Copies a chat up to <paramref name="MessageId"/>, or all of it.</summary>
public sealed record ForkChatRequest(string? MessageId);

/// <summary>Adds a message to a chat. The id is the client's own name for it.</summary>
public sealed record AppendMessageRequest(string? Id, string Role, JsonArray Parts);

/// <summary>Changes a message: what is left out stays, a feedback of null is none.</summary>
public sealed record ChangeMessageRequest(JsonArray? Parts, string? Feedback);

/// <summary>Asks for an explanation of an answer. The body may be left out.</summary>
public sealed record ExplainMessageRequest(EntityResponse? Entity);

/// <summary>Asks for one answer, with <paramref name="Message"/> or with <paramref name="Messages"/> as useChat sends them.</summary>
public sealed record RunTurnRequest(
    JsonObject? Message, JsonArray? Messages, string? Trigger, string? MessageId, string? ModelId, string? OutputSize,
    JsonObject? Tools, string? DynamicSystem, bool? Resumable, EntityResponse? Entity);
