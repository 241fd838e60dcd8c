using System.Globalization;

namespace Informer.Ai;

/// <summary>Processor time of the whole machine, so that a database's part counts as well as the program's.</summary>
internal static class Cpu
{
    private const double TicksPerSecond = 100;

    /// <summary>Since the machine started; zero where it is not told.</summary>
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
