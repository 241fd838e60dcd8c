using System.Globalization;
using Informer.Ai.Credits;
using Informer.Ai.Tenancy;

namespace Informer.Ai;

/// <summary>
/// The command <c>rebuild-rollups [tenant]</c>: makes rollups anew from the rows and events of the ledger, one
/// tenant a transaction, and says what it changed. It serves nothing.
/// </summary>
internal static class RollupRebuild
{
    public const string Command = "rebuild-rollups";

    /// <param name="named">A tenant; all of them when there is none, or a setting in its place.</param>
    /// <exception cref="StartupException">There is no such tenant.</exception>
    public static async Task Run(IServiceProvider services, string? named)
    {
        var audit = services.GetRequiredService<ILedgerAudit>();
        var all = await audit.TenantsAsync(CancellationToken.None);
        var chosen = named is null || named.StartsWith('-') ? all : [.. all.Where(tenant => tenant.Value == named)];
        if (chosen.Count == 0 && all.Count > 0)
        {
            throw new StartupException($"There is no ledger of a tenant {named}. Name one of: {string.Join(", ", all.Select(tenant => tenant.Value))}.");
        }

        foreach (var tenant in chosen)
        {
            Say(tenant, await audit.RebuildRollupsAsync(tenant, CancellationToken.None));
        }
    }

    private static void Say(TenantId tenant, IReadOnlyList<UsageRollup> changed)
    {
        Console.WriteLine($"{tenant.Value}: {changed.Count} rollups corrected");
        foreach (var rollup in changed)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {rollup.Day:yyyy-MM-dd} {rollup.Dimension} {rollup.Key} {rollup.ResourceType}: {rollup.Charged:+0;-0;0} micro-credits, {rollup.Events:+0;-0;0} events, {rollup.Tokens:+0;-0;0} tokens"));
        }
    }
}
