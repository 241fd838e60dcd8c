using Informer.Ai.Credits;
using Informer.Ai.Tenancy;

namespace Informer.Ai.Chats;

/// <summary>
/// Keeps what running turns have produced so far. A checkpoint also shows that the turn lives: its hold does
/// not expire while it is fresh.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Writes the latest state of many turns in one transaction.</summary>
    Task WriteAsync(IReadOnlyList<TurnCheckpoint> checkpoints, CancellationToken cancellation);

    /// <summary>The last checkpoint of a turn; null when there is none.</summary>
    Task<TurnCheckpoint?> FindAsync(TenantId tenant, HoldId hold, CancellationToken cancellation);

    /// <summary>Drops the checkpoints of direct calls that have no open hold any more and are older than this.</summary>
    Task DropUnheldAsync(TimeSpan age, CancellationToken cancellation);
}

/// <summary>A running turn at one moment.</summary>
/// <param name="Chat">Null for a direct call, whose text is not kept.</param>
/// <param name="Parts">The answer so far: JSON array of UI message parts.</param>
public sealed record TurnCheckpoint(
    TenantId Tenant,
    HoldId Hold,
    ChatId? Chat,
    string Parts,
    TokenUsage Usage,
    long CostMicroCredits);
