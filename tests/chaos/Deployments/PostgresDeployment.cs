using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Informer.Ai.Deployments;

/// <summary>Two processes over one database of a private server.</summary>
internal sealed partial class PostgresDeployment(SimulatorProcess simulator, long credits, PostgresServer server)
    : Deployment(simulator, credits)
{
    private const int Processes = 2;

    private readonly TestDirectory _directory = new();

    /// <summary>The server under it.</summary>
    public PostgresServer Server => server;

    /// <summary>Its own database.</summary>
    public string Database { get; private set; } = "";

    /// <summary>The process that took the tenant's pool over last.</summary>
    public ServiceProcess PoolHost => Running.MaxBy(EpochOf)!;

    /// <inheritdoc/>
    protected override string BeginSnapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>The last epoch at which a process took the tenant's pool over; 0 if it never did.</summary>
    public static long EpochOf(ServiceProcess process) => TakenOver().Matches(process.Console)
        .Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
        .LastOrDefault();

    /// <inheritdoc/>
    public override async Task Start()
    {
        Database = await server.CreateDatabaseAsync();
        for (var at = 0; at < Processes; at++)
        {
            // One after the other: the first one fills the store and keeps the tokens.
            await Add(Path.Combine(_directory.Path, at.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Database.Length > 0)
        {
            try
            {
                await server.DropDatabaseAsync(Database);
            }
            catch (NpgsqlException)
            {
                // A server that is down keeps it; the next round finds out.
            }
        }

        _directory.Dispose();
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Value)> MoreSettings() =>
        ClusterSettings.For(Database).Select(setting => (setting.Key, setting.Value));

    /// <inheritdoc/>
    protected override async Task<DbConnection> OpenStore()
    {
        var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    [GeneratedRegex("Pool of demo taken over at epoch ([0-9]+)")]
    private static partial Regex TakenOver();
}
