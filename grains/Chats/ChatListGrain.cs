using Informer.Ai.Models;
using Informer.Ai.Tenancy;
using Orleans.Concurrency;

namespace Informer.Ai.Chats;

/// <summary>Reads a user's list of chats from the store.</summary>
[StatelessWorker]
[GrainType("chat-list")]
public sealed class ChatListGrain(IChatStore store, IGrainFactory grains, TimeProvider time) : Grain, IChatListGrain
{
    /// <inheritdoc/>
    public async Task<ChatPage> List(ChatQuery query)
    {
        var (tenant, user, _) = UserKey.Parse(this.GetPrimaryKeyString());
        var page = await store.ListAsync(tenant, user, query, CancellationToken.None);
        var catalog = grains.GetGrain<IModelCatalogGrain>(tenant.Value);
        var stale = new Dictionary<string, bool>();
        foreach (var model in page.Chats.Select(chat => chat.Settings.ModelId).Distinct())
        {
            stale[model] = Staleness.Of(await catalog.Resolve(model), time.GetUtcNow());
        }

        return page with { Chats = [.. page.Chats.Select(chat => chat with { Stale = stale[chat.Settings.ModelId] })] };
    }
}
