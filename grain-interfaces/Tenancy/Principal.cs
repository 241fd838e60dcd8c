using System.Collections.Immutable;

namespace Informer.Ai.Tenancy;

/// <summary>The authenticated caller, however it came in.</summary>
/// <param name="Permissions">Names of <see cref="Permission"/>.</param>
/// <param name="AiCredential">The user may use AI routes.</param>
/// <param name="AiEnabled">The user's tenant may use AI routes.</param>
[GenerateSerializer, Immutable, Alias("principal")]
public sealed record Principal(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] UserId User,
    [property: Id(2)] string Username,
    [property: Id(3)] ImmutableArray<string> Permissions,
    [property: Id(4)] bool AiCredential,
    [property: Id(5)] bool AiEnabled);
