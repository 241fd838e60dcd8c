namespace Informer.Ai;

/// <summary>Makes the service's ids: UUID v7, so that they sort by the time they were made.</summary>
public sealed class IdSource(TimeProvider time)
{
    /// <summary>A new id; two calls never give the same one.</summary>
    public Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
}
