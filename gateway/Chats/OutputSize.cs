namespace Informer.Ai.Chats;

/// <summary>How long an answer may be.</summary>
internal static class OutputSize
{
    public const string Medium = "medium";

    public static IReadOnlyList<string> All { get; } = ["small", Medium, "large"];
}
