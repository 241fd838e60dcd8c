namespace Informer.Ai.Tenancy;

/// <summary>A user or an agent of a tenant: whoever acts, owns chats and has a usage profile.</summary>
[GenerateSerializer, Immutable, Alias("user-id")]
public readonly record struct UserId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
