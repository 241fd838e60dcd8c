namespace Informer.Ai.Credits;

/// <summary>A way to keep the ledger: holds an amount and settles the operation.</summary>
internal abstract class LedgerSide(IBooks books) : IAsyncDisposable
{
    public const string Tenant = "demo";
    public const long Granted = 1_000_000_000_000_000;
    public const long Required = 1_500;
    public const long Cost = 900;

    public static TokenUsage Usage { get; } = new(Input: 40, Output: 60, CacheRead: 8);

    public abstract string Name { get; }

    /// <summary>A caller keeps its thread while it waits, as the driver does.</summary>
    public virtual bool Blocks => false;

    /// <summary>Reserves and settles one operation, each durable when it returns.</summary>
    public abstract Task Pair(int caller);

    /// <summary>The books add up, row by row and sum by sum, for so many pairs.</summary>
    public void Verify(long pairs)
    {
        void Same(string what, string sql, long expected)
        {
            var found = books.Number(sql);
            BrokenException.Unless(found == expected, $"{Name}: {what} is {found} and should be {expected}.");
        }

        Same("open holds", "SELECT count(*) FROM credit_hold", 0);
        Same("held", "SELECT held FROM credit_pool", 0);
        Same("settled", "SELECT settled FROM credit_pool", pairs * Cost);
        Same("granted less available, held and settled", "SELECT granted - (SELECT sum(granted - held - settled) FROM ledger_entry) - held - settled FROM credit_pool", 0);
        Same("granted", "SELECT granted FROM credit_pool", Granted);
        Same("ledger rows", "SELECT count(*) FROM ledger_entry WHERE kind IN ('hold', 'settle')", 2 * pairs);
        Same("usage events", "SELECT sum(charged) FROM usage_event", pairs * Cost);
        foreach (var dimension in new[] { "tenant", "actor", "model" })
        {
            Same($"rollup of each {dimension}", $"SELECT sum(charged) FROM usage_rollup WHERE dimension = '{dimension}'", pairs * Cost);
        }
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
