namespace Informer.Ai.Models;

/// <summary>
/// One direct call of a model that is answered as a whole. Keyed by <see cref="Tenancy.UserKey"/> with the call's
/// id, which is also that of its hold. Asked again while it runs, it gives the same answer.
/// </summary>
/// <exception cref="Credits.LedgerUnavailableException">Hold or charge could not be made durable.</exception>
[GrainInterfaceType("model-call")]
public interface IModelCallGrain : IGrainWithStringKey
{
    /// <summary>Turns texts into vectors.</summary>
    [Alias("embed"), ResponseTimeout("00:30:00")]
    Task<CallAnswer> Embed(EmbedRequest request);

    /// <summary>Makes images of what a text describes.</summary>
    [Alias("draw"), ResponseTimeout("00:30:00")]
    Task<CallAnswer> Draw(DrawRequest request);

    /// <summary>Makes a JSON value that fits a schema.</summary>
    [Alias("compose"), ResponseTimeout("00:30:00")]
    Task<CallAnswer> Compose(ComposeRequest request);
}
