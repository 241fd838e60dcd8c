using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Informer.Ai;

/// <summary>
/// A private Postgres on a free loopback port, over a directory of its own. A supervising shell holds the other
/// end of a pipe: when the test process dies, however it dies, the server is stopped and its directory deleted.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Supervisor =
        """
        trap '' INT HUP TERM
        "$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
            -c "fsync=$4" -c max_connections=300 >>"$2/log" 2>&1 </dev/null &
        server=$!
        read -r how
        if [ "$how" = immediate ]; then kill -QUIT $server; else kill -INT $server; fi
        wait $server
        [ -n "$how" ] || rm -rf "$2"
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string? Programs = FindPrograms();

    private readonly string _directory;
    private readonly int _port;
    private readonly string _password;
    private readonly bool _durable;
    private Process? _supervisor;
    private int _databases;

    private PostgresServer(string directory, int port, string password, bool durable) =>
        (_directory, _port, _password, _durable) = (directory, port, password, durable);

    /// <summary>Why there can be no server on this machine; null when there can.</summary>
    public static string? MissingReason { get; } = Missing();

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="durable">It waits for the disk. Without that nothing is lost but to a crash of the machine.</param>
    public static async Task<PostgresServer> CreateAsync(bool durable = true)
    {
        var directory = Directory.CreateTempSubdirectory("informer-postgres-").FullName;
        var password = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));
        var secret = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(secret, password);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "-R", "postgres:", directory);
        }

        await Run(AsServer([
            Path.Combine(Programs!, "initdb"), "--pgdata", Path.Combine(directory, "data"), "--no-sync",
            "--username=postgres", "--pwfile", secret, "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"]));
        var server = new PostgresServer(directory, FreePort(), password, durable);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Gives a new server the write-ahead log of one that has run for a while: files that are written over. A
    /// commit that has to make a new one waits until all its 16 MB are on the disk.
    /// </summary>
    public async Task LengthenLogAsync(int files)
    {
        await Execute($"ALTER SYSTEM SET min_wal_size = '{files * 16}MB'");
        await Execute($"ALTER SYSTEM SET max_wal_size = '{files * 32}MB'");
        await Execute("SELECT pg_reload_conf()");
        for (var made = 0; made < files; made++)
        {
            await Execute("SELECT pg_logical_emit_message(false, 'benchmark', ''), pg_switch_wal()");
        }

        await Execute("CHECKPOINT");
    }

    /// <summary>A connection string to a fresh database, as its owner, who is nobody special.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"informer_{Interlocked.Increment(ref _databases)}";
        await Execute($"CREATE ROLE {name} LOGIN PASSWORD '{_password}'");
        await Execute($"CREATE DATABASE {name} OWNER {name}");
        return ConnectionString(name, name);
    }

    /// <summary>Drops one of <see cref="CreateDatabaseAsync"/>'s: a server that starts again after a crash looks at every file.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await Execute($"DROP DATABASE {name} WITH (FORCE)");
        await Execute($"DROP ROLE {name}");
    }

    /// <summary>Ends all sessions of one database, or of all of them, as a failover would.</summary>
    /// <param name="connectionString">One of <see cref="CreateDatabaseAsync"/>'s; null for all databases.</param>
    public Task TerminateSessionsAsync(string? connectionString = null)
    {
        var database = connectionString is null ? null : new NpgsqlConnectionStringBuilder(connectionString).Database;
        return Execute(
            $"""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                AND ({(database is null ? "true" : $"datname = '{database}'")})
            """);
    }

    /// <summary>Starts it again after a stop, on the same port, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, WorkingDirectory = "/" };
        var command = AsServer(
            ["/bin/sh", "-c", Supervisor, "sh", Programs!, _directory, _port.ToString(CultureInfo.InvariantCulture), _durable ? "on" : "off"]);
        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        _supervisor = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await Answers())
        {
            if (_supervisor.HasExited || !await Ticks(timer, patience.Token))
            {
                throw new InvalidOperationException(
                    $"Postgres did not start.\n{await File.ReadAllTextAsync(Path.Combine(_directory, "log"))}");
            }
        }
    }

    /// <summary>Stops it and waits until it is gone.</summary>
    /// <param name="immediate">As a crash does: nothing is finished, the next start recovers from the log.</param>
    public async Task StopAsync(bool immediate)
    {
        if (_supervisor is { } supervisor)
        {
            _supervisor = null;
            await supervisor.StandardInput.WriteLineAsync(immediate ? "immediate" : "fast");
            await supervisor.StandardInput.FlushAsync();
            await supervisor.WaitForExitAsync().WaitAsync(Soon);
            supervisor.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(immediate: true);
        Directory.Delete(_directory, recursive: true);
    }

    private static string? Missing() =>
        OperatingSystem.IsWindows() ? "A private Postgres server is made on Linux and macOS only."
        : Programs is null ? "Postgres (initdb, postgres) is not here."
        : Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(user => user.StartsWith("postgres:", StringComparison.Ordinal))
            ? "Postgres does not run as root, and there is no user \"postgres\" to run it as."
        : null;

    /// <summary>Debian keeps the server's programs off the path, one directory a version.</summary>
    private static string? FindPrograms()
    {
        const string Versions = "/usr/lib/postgresql";
        var installed = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions).OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")));
    }

    private static string[] AsServer(string[] command) =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env", .. command]
            : command;

    private static async Task Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[0]} failed.\n{await said}{await complained}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken patience)
    {
        try
        {
            return await timer.WaitForNextTickAsync(patience);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> Answers()
    {
        try
        {
            await Execute("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", "postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database, string user) =>
        $"Host=127.0.0.1;Port={_port};Database={database};Username={user};Password={_password}";
}
