namespace Informer.Ai.Chats;

/// <summary>One direct call of a model. Keyed by <see cref="Tenancy.UserKey"/> with the turn's id.</summary>
[GrainInterfaceType("invocation")]
public interface IInvocationGrain : ITurnGrain
{
    /// <summary>Holds the credits of the call and starts it.</summary>
    /// <exception cref="Credits.LedgerUnavailableException">The hold could not be made durable; nothing runs.</exception>
    [Alias("run")]
    Task<RunAnswer> Run(InvocationRequest request);
}
