namespace Informer.Ai.Simulator.Models;

/// <summary>The models on offer, and what each is for.</summary>
internal static class ModelCatalog
{
    public static readonly string[] Chat = ["sim-everyday", "sim-advanced", "sim-strategic"];
    public static readonly string[] Embedding = ["sim-embedding"];
    public static readonly string[] Image = ["sim-image"];

    public static IEnumerable<string> All => [.. Chat, .. Embedding, .. Image];
}
