using System.ComponentModel.DataAnnotations;

namespace Informer.Ai.Credits;

/// <summary>How credit pools work; section <c>Informer:Credits</c>.</summary>
public sealed class CreditPoolOptions
{
    /// <summary>A hold that is neither extended nor checkpointed for this long is resolved at its last checkpoint.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HoldTimeToLive { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often open holds are looked through for such ones.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the ledgers that have new rows are verified.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan VerifyEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A ledger that has not answered for so long has failed: what was written is unknown.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan LedgerTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// New holds are turned away while so many ledger rows of the tenant wait for the commit under way. What
    /// belongs to holds already taken, an extension or a resolution, is never turned away: open holds bound it.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueuedRowsMax { get; set; } = 4_096;
}
