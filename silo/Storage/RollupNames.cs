using Informer.Ai.Credits;

namespace Informer.Ai.Storage;

/// <summary>How the dimensions of rollups are spelled in every engine's tables.</summary>
internal static class RollupNames
{
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
}
