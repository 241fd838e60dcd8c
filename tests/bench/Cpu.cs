using System.Diagnostics;
using System.Globalization;

namespace Informer.Ai;

/// <summary>Processor time.</summary>
internal static class Cpu
{
    private const double TicksPerSecond = 100;

    /// <summary>Of a process.</summary>
    public static TimeSpan Of(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.TotalProcessorTime;
    }

    /// <summary>
    /// Of the whole machine since it started, so that a database's part counts as well as the program's; zero where it
    /// is not told.
    /// </summary>
    public static TimeSpan Used()
    {
        if (!File.Exists("/proc/stat"))
        {
            return TimeSpan.Zero;
        }

        // user, nice, system, idle, iowait, irq, softirq
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]
            .Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromSeconds((ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TicksPerSecond);
    }
}
