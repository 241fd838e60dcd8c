using Informer.Ai.Chats;
using Informer.Ai.Credits;
using Informer.Ai.Memories;

namespace Informer.Ai;

/// <summary>
/// <c>bench [turn] [chat-length] [streams] [ledger] [ledger-sqlite] [neighbours] [scale] [memory-search] [--short] [--write]</c>: whole programs side by side, in interleaved rounds of one run.
/// The exit code tells whether everything worked and added up, and nothing of speed.
/// </summary>
internal static class Bench
{
    private static readonly Dictionary<string, Func<bool, Report, Task>> Known = new()
    {
        ["turn"] = (brief, report) => new TurnBench(brief, report).Run(),
        ["chat-length"] = (brief, report) => new ChatLengthBench(brief, report).Run(),
        ["streams"] = (brief, report) => new StreamsBench(brief, report).Run(),
        ["ledger"] = (brief, report) => LedgerBench.OnPostgres(brief, report),
        ["neighbours"] = (brief, report) => new NeighboursBench(brief, report).Run(),
        ["scale"] = (brief, report) => new ScaleBench(brief, report).Run(),
        ["memory-search"] = (brief, report) => new MemorySearchBench(brief, report).Run(),
        ["ledger-sqlite"] = (brief, report) => LedgerBench.OnSqlite(brief, report),
    };

    private static async Task<int> Main(string[] arguments)
    {
        var options = arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).ToHashSet();
        var chosen = arguments.Where(argument => !options.Contains(argument)).ToList();
        if (options.Except(["--short", "--write"]).Any() || chosen.Except(Known.Keys).Any())
        {
            await Console.Error.WriteLineAsync("usage: bench [turn] [chat-length] [streams] [ledger] [ledger-sqlite] [neighbours] [scale] [memory-search] [--short] [--write]");
            return 2;
        }

        var broken = 0;
        foreach (var name in chosen.Count == 0 ? [.. Known.Keys] : chosen)
        {
            try
            {
                var report = new Report(name, string.Join(' ', arguments));
                await Known[name](options.Contains("--short"), report);
                report.Close(options.Contains("--write"));
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync($"{name} is broken: {failure}");
                broken++;
            }
        }

        return broken == 0 ? 0 : 1;
    }
}

/// <summary>What was measured does not add up.</summary>
internal sealed class BrokenException(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new BrokenException(message);
        }
    }
}
