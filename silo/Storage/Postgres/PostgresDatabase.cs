using System.Data.Common;
using Npgsql;

namespace Informer.Ai.Storage.Postgres;

/// <summary>The database of the cluster mode: a bounded pool of connections on which nothing waits for ever.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    // What the server ends by itself, in milliseconds (keepalives in seconds): a statement, a wait for a lock, a
    // transaction whose process has stopped, a connection whose other end is gone.
    private const string ServerSettings =
        "-c plan_cache_mode=force_generic_plan -c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=15000 "
        + "-c tcp_user_timeout=20000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2";

    // Every statement of the ledger goes by a unique key. A plan is made once, perhaps on an empty table, and must
    // still be right when it is full of holds: those closed since the last clean-up count as rows to a scan.
    private const string LedgerSettings = "-c enable_seqscan=off -c enable_bitmapscan=off";

    // Commits are short and one at a time for a tenant: more sessions would only be colder ones.
    private const int LedgerPoolSize = 16;

    private PostgresDatabase(NpgsqlDataSource source, NpgsqlDataSource ledger) => (Source, Ledger) = (source, ledger);

    /// <summary>Opens connections with the settings of the service.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Opens connections for the ledger alone: what else is read does not stand before money.</summary>
    public NpgsqlDataSource Ledger { get; }

    /// <summary>Connects, and brings the schema up to date.</summary>
    /// <param name="connectionString">What it sets itself goes before the settings of the service.</param>
    /// <exception cref="ArgumentException">The connection string is not one.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidOperationException">A newer program has already changed the database.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        string connectionString, TimeProvider time, CancellationToken cancellation)
    {
        var settings = Settings(connectionString);
        var source = NpgsqlDataSource.Create(settings);
        try
        {
            await Migrations.ApplyAsync(source, time, cancellation);
            settings.Options = $"{LedgerSettings} {settings.Options}";
            settings.MaxPoolSize = Math.Min(LedgerPoolSize, settings.MaxPoolSize);
            return new PostgresDatabase(source, NpgsqlDataSource.Create(settings));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await Source.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "informer-ai",
            MaxPoolSize = 32,
            Timeout = 10,
            CommandTimeout = 35, // after the server's own, whose answer says more
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
        };
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string keyword in given.Keys)
        {
            settings[keyword] = given[keyword];
        }

        // The server takes the last of two settings of one name.
        settings.Options = $"{ServerSettings} {settings.Options}".TrimEnd();
        return settings;
    }
}
