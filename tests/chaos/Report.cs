using System.Globalization;
using System.Text;

namespace Informer.Ai;

/// <summary>The figures of a run as Markdown: on the console, and on demand in <c>docs/chaos</c>.</summary>
internal sealed class Report(ChaosOptions options)
{
    private readonly StringBuilder _text = new();

    /// <summary>Tells them.</summary>
    public void Tell(int rounds, int violated, TimeSpan duration, Reached reached, IReadOnlyList<string> skipped)
    {
        Line($"# Chaos over {options.Store}");
        Line();
        Line($"{rounds} rounds, {violated} of them with violations, in {Seconds(duration)} s ({Seconds(duration / Math.Max(1, rounds))} s a round). Seed {options.Seed}, "
            + $"commit {Surroundings.Commit()}, {Surroundings.Machine()}.");
        foreach (var reason in skipped)
        {
            Line();
            Line($"Skipped: {reason}");
        }

        Line();
        Line("| state reached | times |");
        Line("| --- | ---: |");
        foreach (var (name, count) in reached.Counts.Where(counted => counted.Value > 0))
        {
            Line($"| {name} | {count.ToString("N0", CultureInfo.InvariantCulture)} |");
        }

        if (reached.Counts.Where(counted => counted.Value == 0).Select(counted => counted.Key).ToList() is { Count: > 0 } never)
        {
            Line();
            Line($"Never reached: {string.Join("; ", never)}.");
        }

        if (options.Write)
        {
            var directory = Directory.CreateDirectory(Path.Combine(Surroundings.Root(), "docs", "chaos"));
            File.WriteAllText(Path.Combine(directory.FullName, $"{options.Store}{(options.Fault is { } fault ? $"-{fault}" : "")}.md"), _text.ToString());
        }
    }

    private void Line(string text = "")
    {
        _text.Append(text).Append('\n');
        Console.WriteLine(text);
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
