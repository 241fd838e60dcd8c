namespace Informer.Ai.Credits;

/// <summary>The rules of a tenant's pool beyond its grants.</summary>
/// <param name="SlushPermille">Safety buffer in thousandths of the included credits.</param>
/// <param name="PayAsYouGo">Spending past the included credits goes on at <paramref name="OverageRate"/>; no slush then.</param>
/// <param name="OverageRate">In millionths: 1,000,000 charges a credit for a credit.</param>
[GenerateSerializer, Immutable, Alias("pool-policy")]
public sealed record PoolPolicy(
    [property: Id(0)] int SlushPermille = 20,
    [property: Id(1)] bool PayAsYouGo = false,
    [property: Id(2)] long OverageRate = 1_000_000);
