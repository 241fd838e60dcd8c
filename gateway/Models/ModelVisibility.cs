using Informer.Ai.Tenancy;

namespace Informer.Ai.Models;

/// <summary>Internal models serve the service itself; only those who manage models see them.</summary>
internal static class ModelVisibility
{
    public static bool Sees(Caller caller, ModelEntry model) => !model.Internal || SeesInternal(caller);

    public static bool SeesInternal(Caller caller) => caller.May(Permission.AiManage);
}
