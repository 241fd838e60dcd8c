using Informer.Ai.Credits;

namespace Informer.Ai.Storage;

/// <summary>How the kinds of the ledger are spelled in every engine's tables.</summary>
internal static class LedgerNames
{
    public static string Of(EntryKind kind) => kind switch
    {
        EntryKind.Grant => "grant",
        EntryKind.Hold => "hold",
        EntryKind.Extend => "extend",
        EntryKind.Settle => "settle",
        EntryKind.Void => "void",
        EntryKind.Expire => "expire",
        EntryKind.LateSettle => "late-settle",
        EntryKind.Adjust => "adjust",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Of(ResolutionKind kind) => kind switch
    {
        ResolutionKind.Settled => "settled",
        ResolutionKind.Voided => "voided",
        ResolutionKind.Expired => "expired",
        ResolutionKind.LateSettled => "late-settled",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Of(RollupDimension dimension) => dimension switch
    {
        RollupDimension.Tenant => "tenant",
        RollupDimension.Actor => "actor",
        RollupDimension.Entity => "entity",
        RollupDimension.Model => "model",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    public static RollupDimension Dimension(string name) => name switch
    {
        "tenant" => RollupDimension.Tenant,
        "actor" => RollupDimension.Actor,
        "entity" => RollupDimension.Entity,
        "model" => RollupDimension.Model,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>The dimension in which a scope's month is summed.</summary>
    public static string Of(ScopeKind scope) =>
        Of(scope == ScopeKind.Entity ? RollupDimension.Entity : RollupDimension.Actor);

    /// <summary>How a hold ended, by its resolving row and the late one, if there is any.</summary>
    public static ResolutionKind Resolved(string kind, bool late) => kind switch
    {
        _ when late => ResolutionKind.LateSettled,
        "settle" => ResolutionKind.Settled,
        "void" => ResolutionKind.Voided,
        "expire" => ResolutionKind.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
