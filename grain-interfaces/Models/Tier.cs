using System.Collections.Immutable;

namespace Informer.Ai.Models;

/// <summary>The classes of models that a usage profile allows.</summary>
public static class Tier
{
    public const string Everyday = "everyday";
    public const string Advanced = "advanced";
    public const string Strategic = "strategic";

    /// <summary>All of them, the cheapest first.</summary>
    public static ImmutableArray<string> All { get; } = [Everyday, Advanced, Strategic];
}
