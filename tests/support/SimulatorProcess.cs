using System.Diagnostics;

namespace Informer.Ai;

/// <summary>
/// The simulator as a process of its own: it takes no time from the service's, and survives it. Needs the simulator's
/// host beside the caller.
/// </summary>
public sealed class SimulatorProcess : IAsyncDisposable
{
    /// <summary>Any key will do.</summary>
    public const string Key = "sk-simulator";

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private SimulatorProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>An OpenAI client's endpoint.</summary>
    public Uri Address { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it on a free port.</summary>
    public static async Task<SimulatorProcess> Start()
    {
        var simulator = Path.Combine(AppContext.BaseDirectory, "simulator.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [simulator, "--port", "0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync().WaitAsync(StartWithin);
            return new SimulatorProcess(process, new Uri(address ?? throw new InvalidOperationException("The simulator did not start.")));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
