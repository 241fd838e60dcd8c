using System.Collections.Immutable;
using Informer.Ai.Usage;

namespace Informer.Ai.Tenancy;

/// <summary>One tenant's configuration: its entitlement and usage profiles. Keyed by tenant id.</summary>
[GrainInterfaceType("tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Sets the entitlement; null takes it away.</summary>
    [Alias("entitle")]
    Task Entitle(Entitlement? entitlement);

    /// <summary>What governs this user's next metered call.</summary>
    [Alias("standing")]
    Task<Standing> Standing(UserId user);

    /// <summary>All profiles, the seeded ones first.</summary>
    [Alias("profiles")]
    Task<ImmutableArray<UsageProfile>> Profiles();

    /// <summary>Replaces the profile of that id; false when there is none.</summary>
    [Alias("change-profile")]
    Task<bool> ChangeProfile(UsageProfile profile);
}

/// <summary>A user's entitlement and effective profile at one moment.</summary>
/// <param name="Entitlement">Null when none is cached.</param>
/// <param name="Profile">Null when none applies.</param>
[GenerateSerializer, Immutable, Alias("standing")]
public sealed record Standing(
    [property: Id(0)] Entitlement? Entitlement,
    [property: Id(1)] UsageProfile? Profile);
