using System.Data.Common;
using System.Globalization;
using Informer.Ai.Books;

namespace Informer.Ai.Deployments;

/// <summary>
/// The service as it is deployed: processes over one store, for as long as rounds share a ledger. Faults replace
/// processes while callers look for one, so the list of the running ones is swapped whole.
/// </summary>
internal abstract class Deployment(SimulatorProcess simulator, long credits) : IAsyncDisposable
{
    /// <summary>A hold that nobody renews is resolved after this.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(2.5);

    /// <summary>How often the pool looks for such holds.</summary>
    public static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(0.25);

    private readonly List<string> _past = [];
    private volatile ServiceProcess[] _running = [];

    /// <summary>The processes that are up, or were when they were last looked at.</summary>
    public IReadOnlyList<ServiceProcess> Running => _running;

    /// <summary>How many processes have been started.</summary>
    public int Starts { get; private set; }

    /// <summary>Begins a transaction in which everything is read as of one moment.</summary>
    protected abstract string BeginSnapshot { get; }

    /// <summary>Makes the store and starts every process.</summary>
    public abstract Task Start();

    /// <summary>The whole ledger, read beside the service.</summary>
    public async Task<LedgerBook> ReadLedger()
    {
        await using var connection = await OpenStore();
        return await LedgerReading.Read(connection, BeginSnapshot);
    }

    /// <summary>How many holds are open.</summary>
    public async Task<long> CountOpenHolds()
    {
        await using var connection = await OpenStore();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM credit_hold";
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>The token of "operator", "admin" or "analyst".</summary>
    public string TokenOf(string user) => _running[0].TokenOf(user);

    /// <summary>How many lines with this text the processes have logged, those that are gone included.</summary>
    public int Logged(string text) =>
        _past.Concat(_running.Select(process => process.Console)).Sum(console => console.Split(text).Length - 1);

    /// <summary>
    /// Starts another in the place of each process that has ended by itself, as a supervisor does; how many. A member
    /// of a cluster ends when the others take it for dead.
    /// </summary>
    public async Task<int> Revive()
    {
        var gone = _running.Where(process => process.HasExited).ToList();
        foreach (var process in gone)
        {
            await Replace(process);
        }

        return gone.Count;
    }

    /// <summary>Starts another process in the place of one that has exited.</summary>
    public async Task Replace(ServiceProcess gone)
    {
        var next = await StartProcess(gone.DataDirectory);
        _past.Add(gone.Console);
        _running = [.. _running.Select(process => process == gone ? next : process)];
        await gone.DisposeAsync();
    }

    /// <summary>The last lines of every process's log.</summary>
    public string Tail() => string.Join(
        "\n", _running.Select((process, at) => $"-- process {at}\n{string.Join('\n', process.Console.Split('\n').TakeLast(40))}"));

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>Opens a connection that only reads.</summary>
    protected abstract Task<DbConnection> OpenStore();

    /// <summary>Starts a process more.</summary>
    protected async Task Add(string dataDirectory) => _running = [.. _running, await StartProcess(dataDirectory)];

    /// <summary>Settings of one start beyond those of every deployment.</summary>
    protected virtual IEnumerable<(string Name, string Value)> MoreSettings() => [];

    private Task<ServiceProcess> StartProcess(string dataDirectory)
    {
        Starts++;
        var settings = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = SimulatorProcess.Key,
            ["OPENAI_BASE_URL"] = simulator.Address.ToString(),
            // One hold, one request: the books could not tell a repetition from a request without a hold.
            ["Informer__Providers__RetriesMax"] = "0",
            ["Informer__Models__Everyday"] = "sim-everyday",
            ["Informer__Models__Advanced"] = "sim-advanced",
            ["Informer__Models__Strategic"] = "sim-strategic",
            ["Informer__BootstrapCredits"] = credits.ToString(CultureInfo.InvariantCulture),
            // The books name every call of a client; what the service does by itself is in none of theirs.
            ["Informer__Memories__OffTenants__0"] = "demo",
            ["Informer__DrainSeconds"] = "1",
            ["Informer__Credits__HoldTimeToLive"] = TimeToLive.ToString(),
            ["Informer__Credits__SweepEvery"] = SweepEvery.ToString(),
            ["Informer__Credits__LedgerTimeout"] = "00:00:03",
            ["Informer__Turns__CheckpointEvery"] = "00:00:00.1",
            ["Informer__Turns__FirstEventWait"] = "00:00:00.8",
            ["Informer__Turns__ProviderIdleTimeout"] = "00:00:01.5",
            ["Informer__Turns__JoinableFor"] = "00:00:05",
        };
        foreach (var (name, value) in MoreSettings())
        {
            settings[name] = value;
        }

        return ServiceProcess.Start(dataDirectory, settings);
    }
}
