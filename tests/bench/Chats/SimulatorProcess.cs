using System.Diagnostics;

namespace Informer.Ai.Chats;

/// <summary>The simulator as a process of its own, so that it takes no time from the service's.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    /// <summary>Any key will do.</summary>
    public const string Key = "sk-bench";

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private SimulatorProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>An OpenAI client's endpoint.</summary>
    public Uri Address { get; }

    public int Id => _process.Id;

    public static async Task<SimulatorProcess> Start()
    {
        var simulator = Path.Combine(AppContext.BaseDirectory, "simulator.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [simulator, "--port", "0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync().WaitAsync(StartWithin);
            return new SimulatorProcess(process, new Uri(address ?? throw new BrokenException("The simulator did not start.")));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
