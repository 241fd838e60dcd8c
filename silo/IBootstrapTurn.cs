namespace Informer.Ai;

/// <summary>Lets one process at a time find the store empty and fill it.</summary>
internal interface IBootstrapTurn
{
    /// <summary>Waits for the turn, which ends when the result is disposed.</summary>
    Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation);
}
