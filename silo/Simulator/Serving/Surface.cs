namespace Informer.Ai.Simulator.Serving;

/// <summary>The three kinds of call that a directive can be meant for.</summary>
internal enum Surface
{
    Chat,
    Embeddings,
    Images,
}

internal static class Surfaces
{
    /// <summary>Whether <c>on=chat,images</c> names this surface; no such key names them all.</summary>
    public static bool IsNamedBy(this Surface surface, string? on) =>
        on is null || on.Split(',').Contains(surface.ToString(), StringComparer.OrdinalIgnoreCase);
}
