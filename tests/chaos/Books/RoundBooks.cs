using Informer.Ai.Calls;
using Informer.Ai.Faults;
using Informer.Ai.Simulator;

namespace Informer.Ai.Books;

/// <summary>The three books of a round, side by side.</summary>
/// <param name="SeqBefore">The ledger's last row before the round.</param>
/// <param name="EpochBefore">The pool's epoch before the round.</param>
/// <param name="LosesTurns">A turn may have died with its process, and what it delivered since its last checkpoint with it.</param>
/// <param name="CapMicroCredits">The cap that was in force.</param>
internal sealed record RoundBooks(
    Fault Fault,
    LedgerBook Ledger,
    IReadOnlyList<ServedRequest> Provider,
    IReadOnlyList<CallRecord> Clients,
    long SeqBefore,
    long EpochBefore,
    bool LosesTurns,
    long? CapMicroCredits)
{
    /// <summary>The round's own holds.</summary>
    public IEnumerable<HoldHistory> Holds => Ledger.Holds.Values.Where(hold => hold.Taken.Seq > SeqBefore);

    /// <summary>The round's own rows.</summary>
    public IEnumerable<LedgerRow> Rows => Ledger.Rows.Where(row => row.Seq > SeqBefore);
}
