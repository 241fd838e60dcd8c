using System.Collections.Immutable;
using System.Globalization;

namespace Informer.Ai.Credits;

/// <summary>
/// The comparisons of a verification, pure: the ledger's rows with the totals, holds, events and rollups that are
/// kept beside them, and all of that with what the pool had in memory at the same row.
/// </summary>
public static class LedgerChecks
{
    /// <param name="memory">The pool's state at the row that was read; null when it never was at such a row.</param>
    public static ImmutableArray<LedgerCheck> Of(AuditReading reading, PoolState? memory)
    {
        var (book, pool, rows) = (reading.Book, reading.Pool, reading.Rows);
        return
        [
            Check("sequence", Sequence(book, pool, rows)),
            Check("totals", Totals(book, pool, rows)),
            Check("events", reading.EventsAstray == 0 ? null : Text(
                $"{reading.EventsAstray} rows do not agree with their usage events, the first is {reading.EventAstray}")),
            Check("holds", Holds(reading)),
            Check("rollups", Rollups(reading)),
            Check("conservation", memory is null ? null : Conservation(pool, memory)),
            Check("memory", memory is null ? Text($"the pool never was at row {pool.Seq}") : Memory(pool, memory)),
            Check("memory-holds", memory is null ? null : MemoryHolds(reading, memory)),
            Check("memory-months", memory is null ? null : MemoryMonths(reading, memory)),
        ];
    }

    private static LedgerCheck Check(string name, string? detail) => new(name, detail is null, detail);

    private static string? Sequence(AuditTotals book, AuditTotals pool, AuditRows rows)
    {
        var expected = pool.Seq - book.Seq;
        var whole = expected == 0
            ? rows.Count == 0
            : rows.Count == expected && rows.First == book.Seq + 1 && rows.Last == pool.Seq;
        return whole ? null : Text($"{rows.Count} rows from {rows.First} to {rows.Last} where {book.Seq + 1} to {pool.Seq} were expected");
    }

    private static string? Totals(AuditTotals book, AuditTotals pool, AuditRows rows) =>
        Differs("granted", pool.Granted, book.Granted + rows.Granted)
        ?? Differs("held", pool.Held, book.Held + rows.Held)
        ?? Differs("settled", pool.Settled, book.Settled + rows.Settled);

    private static string? Holds(AuditReading reading)
    {
        var astray = Astray(
            reading.HoldMoves.Select(move => (move.Hold, (move.Amount, move.Open, 0L))),
            reading.HoldDifferences.Select(move => (move.Hold, (move.Amount, move.Open, 0L))));
        if (astray is var (hold, (amount, open, _), count))
        {
            return Text($"{count} open holds are not what their rows say, such as {hold}: {amount} held and {open} open too many");
        }

        return Differs("held by open holds", reading.Holds.Values.Sum(), reading.Pool.Held);
    }

    private static string? Rollups(AuditReading reading)
    {
        var astray = Astray(reading.RollupMoves.Select(Keyed), reading.RollupDifferences.Select(Keyed));
        return astray is var ((day, dimension, key, resource), (charged, events, tokens), count)
            ? Text($"{count} rollups are not the sums of their events, such as {day:yyyy-MM-dd} {dimension} {key} {resource}: {charged} charged, {events} events and {tokens} tokens too many")
            : null;
    }

    private static string? Conservation(AuditTotals pool, PoolState memory) =>
        Differs("available", memory.Available - memory.Slush, pool.Granted - pool.Held - pool.Settled);

    private static string? Memory(AuditTotals pool, PoolState memory) =>
        Differs("included", memory.Reading.Included, pool.Granted)
        ?? Differs("used", memory.Reading.Used, pool.Settled)
        ?? Differs("held", memory.Reading.Held, pool.Held)
        ?? Differs("remaining", memory.Reading.Remaining, Math.Max(0, pool.Granted - pool.Settled));

    private static string? MemoryHolds(AuditReading reading, PoolState memory)
    {
        var astray = Astray(
            reading.Holds.Select(hold => (hold.Key, (hold.Value, 1L, 0L))),
            memory.Holds.Select(hold => (hold.Key, (hold.Value.Amount, 1L, 0L))));
        return astray is var (hold, (amount, _, _), count)
            ? Text($"{count} open holds are not what the pool has in memory, such as {hold}: {amount} held too many")
            : null;
    }

    private static string? MemoryMonths(AuditReading reading, PoolState memory) => reading.Scopes
        .Select(scope => memory.ScopesSettled.TryGetValue(scope.Key, out var totals)
            ? Differs(Text($"{scope.Key.Kind} {scope.Key.Key} in {scope.Key.Period}"), totals.Settled, scope.Value)
            : null)
        .FirstOrDefault(detail => detail is not null);

    private static ((DateOnly, RollupDimension, string, string), (long, long, long)) Keyed(UsageRollup rollup) =>
        ((rollup.Day, rollup.Dimension, rollup.Key, rollup.ResourceType), (rollup.Charged, rollup.Events, rollup.Tokens));

    // What was found less what was expected, by key; null when there is nothing left of any.
    private static (TKey Key, (long, long, long) TooMany, int Count)? Astray<TKey>(
        IEnumerable<(TKey Key, (long, long, long) Amounts)> expected, IEnumerable<(TKey Key, (long, long, long) Amounts)> found)
        where TKey : notnull
    {
        var left = new Dictionary<TKey, (long, long, long)>();
        foreach (var (key, (first, second, third)) in found)
        {
            left[key] = (first, second, third);
        }

        foreach (var (key, (first, second, third)) in expected)
        {
            var (foundFirst, foundSecond, foundThird) = left.GetValueOrDefault(key);
            left[key] = (foundFirst - first, foundSecond - second, foundThird - third);
        }

        var astray = left.Where(entry => entry.Value != default).ToList();
        return astray.Count == 0 ? null : (astray[0].Key, astray[0].Value, astray.Count);
    }

    private static string? Differs(string what, long found, long expected) =>
        found == expected ? null : Text($"{what} is {found} where {expected} was expected");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
