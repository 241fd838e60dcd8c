namespace Informer.Ai.Gateway;

/// <summary>The API's routes. One that is added or taken away shows in the change of this list.</summary>
internal static class ContractRoutes
{
    /// <summary>What is served.</summary>
    public static IReadOnlyList<string> Served { get; } =
    [
        "GET /api/chats", "POST /api/chats", "GET /api/chats/{id}", "PUT /api/chats/{id}", "DELETE /api/chats/{id}",
        "POST /api/chats/{id}", "GET /api/chats/{id}/_stream", "POST /api/chats/{id}/_abort", "POST /api/chats/{id}/_fork",
        "GET /api/chats/{id}/_export", "GET /api/chats/{id}/messages", "POST /api/chats/{id}/messages",
        "GET /api/chats/{id}/messages/{messageId}", "PUT /api/chats/{id}/messages/{messageId}",
        "DELETE /api/chats/{id}/messages/{messageId}", "POST /api/chats/{id}/messages/{messageId}/_explain",
        "GET /api/chats/{id}/memories", "POST /api/chats/{id}/memories", "GET /api/chats/{id}/memories/{memoryId}",
        "PUT /api/chats/{id}/memories/{memoryId}", "DELETE /api/chats/{id}/memories/{memoryId}",
        "POST /api/chats/{id}/memories/_search", "POST /api/memories/_search",
        "GET /api/models", "GET /api/models/{id}", "GET /api/chat-models", "POST /api/models", "PUT /api/models/{id}",
        "DELETE /api/models/{id}", "POST /api/models/{id}/_chat", "POST /api/models/{id}/_completion",
        "POST /api/models/{id}/_embed", "POST /api/models/{id}/_image", "POST /api/models/{id}/_object",
        "GET /api/providers", "POST /api/providers", "GET /api/providers/types", "GET /api/providers/{id}", "PUT /api/providers/{id}",
        "DELETE /api/providers/{id}", "POST /api/providers/{id}/_test", "GET /api/providers/{id}/_models",
        "GET /api/ai-budget", "GET /api/usage-profiles", "GET /api/usage-profiles/{id}", "PUT /api/usage-profiles/{id}",
        "GET /api/usage-budgets/{entityType}/{entityId}", "PUT /api/usage-budgets/{entityType}/{entityId}",
        "GET /api/_ledger/verify",
    ];
}
