using System.Diagnostics;

namespace Informer.Ai.AiSdk;

/// <summary>How a program ended, and all that it printed.</summary>
/// <param name="ExitCode">Null when it had to be killed.</param>
public sealed record ProcessOutcome(int? ExitCode, string Output);

/// <summary>Runs a program of others, which may hang, for a bounded time.</summary>
public static class BoundedProcess
{
    /// <summary>Runs it to its end; null when there is no such program.</summary>
    /// <param name="environment">In addition to our own.</param>
    public static async Task<ProcessOutcome?> Run(
        string program, IEnumerable<string> arguments, string directory, TimeSpan within, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Started(start);
        if (process is null)
        {
            return null;
        }

        var printed = new List<string>();
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new ProcessOutcome(process.ExitCode, Output());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new ProcessOutcome(null, Output());
        }

        void Heard(string? line)
        {
            lock (printed)
            {
                printed.Add(line ?? "");
            }
        }

        string Output()
        {
            lock (printed)
            {
                return string.Join('\n', printed);
            }
        }
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
