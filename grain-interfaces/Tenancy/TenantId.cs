namespace Informer.Ai.Tenancy;

/// <summary>A customer of the platform: the owner of a credit pool, users, models and chats.</summary>
[GenerateSerializer, Immutable, Alias("tenant-id")]
public readonly record struct TenantId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
