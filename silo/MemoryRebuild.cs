using Informer.Ai.Memories;
using Informer.Ai.Tenancy;

namespace Informer.Ai;

/// <summary>
/// The command <c>rebuild-memories [tenant]</c>: makes the vector index anew from the rows, one user after the other,
/// and says how many it has put. It embeds nothing and serves nothing.
/// </summary>
internal static class MemoryRebuild
{
    public const string Command = "rebuild-memories";

    /// <param name="named">A tenant; all of them when there is none, or a setting in its place.</param>
    /// <exception cref="StartupException">The index cannot be reached.</exception>
    public static async Task Run(IServiceProvider services, string? named)
    {
        var (store, index) = (services.GetRequiredService<IMemoryStore>(), services.GetRequiredService<IMemoryIndex>());
        if (index is EmbeddedMemoryIndex)
        {
            Console.WriteLine("The embedded index reads the rows themselves: there is nothing to rebuild.");
            return;
        }

        TenantId? tenant = named is null || named.StartsWith('-') ? null : new TenantId(named);
        try
        {
            foreach (var owners in (await store.OwnersAsync(tenant, CancellationToken.None)).GroupBy(owner => owner.Tenant))
            {
                var count = 0;
                foreach (var owner in owners)
                {
                    count += await Rebuild(store, index, owner);
                }

                Console.WriteLine($"{owners.Key.Value}: {count} memories of {owners.Count()} users put into the index");
            }
        }
        catch (MemoryIndexException failure)
        {
            throw new StartupException($"{failure.Message} Start it, or mend Informer:Memories:Qdrant, and run this again.", failure);
        }
    }

    private static async Task<int> Rebuild(IMemoryStore store, IMemoryIndex index, MemoryOwner owner)
    {
        var count = 0;
        foreach (var space in await store.SpacesAsync(owner, CancellationToken.None))
        {
            var vectors = await store.VectorsAsync(owner, space, CancellationToken.None);
            await index.ClearAsync(owner, space, null, CancellationToken.None);
            await index.PutAsync(owner, space, vectors, CancellationToken.None);
            count += vectors.Count;
        }

        return count;
    }
}
