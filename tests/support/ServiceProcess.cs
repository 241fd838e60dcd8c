using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Informer.Ai;

/// <summary>The real program as a process of its own, on a free port, over a data directory that outlives it and the store that goes with it.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _console = [];
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process, string dataDirectory)
    {
        _process = process;
        DataDirectory = dataDirectory;
    }

    /// <summary>Where it keeps its data.</summary>
    public string DataDirectory { get; }

    /// <summary>Its base address.</summary>
    public Uri Address { get; private set; } = new("http://invalid.invalid");

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it has printed so far.</summary>
    public string Console
    {
        get
        {
            lock (_console)
            {
                return string.Join('\n', _console);
            }
        }
    }

    /// <summary>It has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="settings">Environment variables, such as <c>Informer__DrainSeconds</c>.</param>
    public static async Task<ServiceProcess> Start(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var service = Launch(dataDirectory, settings);
        try
        {
            service.Address = new Uri(await service._listening.Task.WaitAsync(StartWithin));
            using var http = service.Client();
            (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).EnsureSuccessStatusCode();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it without waiting; for commands, and starts that are expected to fail.</summary>
    public static ServiceProcess Launch(
        string dataDirectory, IReadOnlyDictionary<string, string>? settings = null, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "silo.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("OPENAI_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        // A process that lives for seconds spends more on profiling its code than it gains by it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Informer__DataDirectory"] = dataDirectory;
        foreach (var (name, value) in ServiceStore.SettingsFor(dataDirectory).Concat(settings ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var service = new ServiceProcess(process, dataDirectory);
        process.OutputDataReceived += (_, line) => service.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => service.Heard(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return service;
    }

    /// <summary>A client without credentials, which closes its connection at once when it drops an answer.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000, ResponseDrainTimeout = TimeSpan.Zero })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>A client with the token of "operator", "admin" or "analyst".</summary>
    public HttpClient ClientOf(string user)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(user));
        return client;
    }

    /// <summary>The token of "operator", "admin" or "analyst".</summary>
    public string TokenOf(string user)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(DataDirectory, "bootstrap.json")));
        return file.RootElement.GetProperty(user).GetProperty("token").GetString()!;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal such as "TERM" or "INT".</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its exit; the exit code.</summary>
    public async Task<int> Exited(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_console)
        {
            _console.Add(line);
        }

        const string Listens = "Informer AI listens on ";
        if (line.StartsWith(Listens, StringComparison.Ordinal))
        {
            _listening.TrySetResult(line[Listens.Length..].Split(' ')[0]);
        }
    }
}
