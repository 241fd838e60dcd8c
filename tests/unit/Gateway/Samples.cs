using System.Collections.Immutable;
using Informer.Ai.Chats;
using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Informer.Ai.Usage;

namespace Informer.Ai.Gateway;

/// <summary>Data that tests start from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    public static UsageProfile Profile { get; } =
        new("p1", "Standard", "standard", "For all", 5000, ["everyday", "advanced"], true, true, Noon, Noon);

    public static ProviderEntry Provider { get; } = new("managed", "Managed", "openai", true, null, Noon, Noon);

    public static ModelEntry Model(string id, bool chat = true, string tier = "everyday", bool isInternal = false, string? references = null) => new(
        id, id, id, "", "managed", "gpt", references, chat, false, false, false, !chat, chat, tier, "Low", 128_000, 16_384,
        new ModelPrices(0.15m, 0.6m), null, 1, false, isInternal, null, [], Noon, Noon);

    public static Chat Chat(ChatId id) => new(
        id,
        new ChatSettings("Sales", false, "go_everyday", "everyday", null, false, false, false, false, null, "medium", null, null, [], [], [], null),
        false, Noon, Noon, null);

    public static Principal Analyst(params ImmutableArray<string> permissions) =>
        new(new TenantId("demo"), new UserId("ana"), "analyst", permissions, AiCredential: true, AiEnabled: true);
}
