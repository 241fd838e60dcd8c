using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Informer.Ai;

/// <summary>
/// Where the processes under test keep what they keep: in SQLite in their data directory, or, when the environment
/// says <c>INFORMER_STORE=postgres</c>, in a database for each data directory, as a cluster of one.
/// </summary>
public static class ServiceStore
{
    private static readonly bool OnPostgres = Environment.GetEnvironmentVariable("INFORMER_STORE") == "postgres";

    // Stopped by its supervisor when the test process ends.
    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.CreateAsync());

    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, string>>> Settings = new(StringComparer.Ordinal);

    /// <summary>What a process over this directory is to be told of its store; the same at each of its starts.</summary>
    public static IReadOnlyDictionary<string, string> SettingsFor(string dataDirectory) =>
        OnPostgres
            ? Settings.GetOrAdd(dataDirectory, _ => new(() => ClusterSettings.For(NewDatabase()))).Value
            : new Dictionary<string, string>();

    /// <summary>A number from the store of a directory, read beside its process.</summary>
    public static long Count(string dataDirectory, string sql)
    {
        using var connection = Open(dataDirectory);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes the store of a directory beside its process.</summary>
    public static void Tamper(string dataDirectory, string sql)
    {
        using var connection = Open(dataDirectory);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static DbConnection Open(string dataDirectory)
    {
        DbConnection connection = OnPostgres
            ? new NpgsqlConnection(SettingsFor(dataDirectory)["ConnectionStrings__Postgres"])
            : new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "informer.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static string NewDatabase() =>
        Task.Run(async () => await (await Server.Value).CreateDatabaseAsync()).GetAwaiter().GetResult();
}
