using Informer.Ai.Models;

namespace Informer.Ai.Chats;

/// <summary>Whether a chat's model can still be used.</summary>
internal static class Staleness
{
    /// <summary>True when the model is gone or deprecated.</summary>
    public static bool Of(ResolvedModel? model, DateTimeOffset now) =>
        model is null || model.Requested.DeprecatedAt <= now || model.Target.DeprecatedAt <= now;
}
