using Informer.Ai.Credits;

namespace Informer.Ai.Storage;

/// <summary>What every engine needs to know of a batch before it writes it.</summary>
internal static class LedgerBatchRows
{
    /// <exception cref="ArgumentException">A row does not follow the one before it.</exception>
    public static void RequireGapFree(this LedgerBatch batch)
    {
        var entries = batch.Entries;
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].Seq != entries[0].Seq + i)
            {
                throw new ArgumentException($"Ledger row {entries[i].Seq} does not follow the one before it.");
            }
        }
    }

    /// <summary>The holds that the batch takes, each as it stands at its end.</summary>
    public static Dictionary<HoldId, Hold> Taken(this LedgerBatch batch)
    {
        var taken = new Dictionary<HoldId, Hold>(batch.Events.Count + batch.Opened.Count);
        foreach (var used in batch.Events)
        {
            taken[used.Hold.Id] = used.Hold;
        }

        foreach (var hold in batch.Opened)
        {
            taken[hold.Id] = hold;
        }

        return taken;
    }

    /// <summary>The hold that a row takes; null for a row that takes none.</summary>
    public static Hold? OriginOf(this LedgerEntry entry, Dictionary<HoldId, Hold> taken) =>
        entry is { Kind: EntryKind.Hold, Hold: { } hold } ? entry.Origin ?? taken.GetValueOrDefault(hold) : null;
}
