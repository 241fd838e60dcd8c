using System.Text;

namespace Informer.Ai;

/// <summary>What a benchmark found, as Markdown: on the console, and on demand in <c>docs/benchmarks</c>.</summary>
internal sealed class Report(string name, string arguments)
{
    private readonly StringBuilder _text = new();
    private readonly string _loadBefore = Surroundings.Load();

    public void Line(string text = "")
    {
        _text.Append(text).Append('\n');
        Console.WriteLine(text);
    }

    public void Heading(string text)
    {
        Line();
        Line($"## {text}");
        Line();
    }

    public void Table(params IReadOnlyList<string>[] rows)
    {
        Row(rows[0]);
        Row(rows[0].Select((_, column) => column == 0 ? "---" : "---:"));
        foreach (var row in rows.Skip(1))
        {
            Row(row);
        }
    }

    /// <summary>Says on what it was measured, and keeps it if that is wanted.</summary>
    public void Close(bool write)
    {
        Heading("Measured on");
        Line($"- commit {Surroundings.Commit()}, `dotnet run -c Release --project tests/bench -- {arguments}`");
        Line($"- {Surroundings.Machine()}");
        Line($"- data on {Surroundings.FileSystem()}; load average {_loadBefore} before, {Surroundings.Load()} after (the benchmark itself counts in the second)");
        if (write)
        {
            var directory = Directory.CreateDirectory(Path.Combine(Surroundings.Root(), "docs", "benchmarks"));
            File.WriteAllText(Path.Combine(directory.FullName, $"{name}.md"), _text.ToString());
        }
    }

    private void Row(IEnumerable<string> cells) => Line($"| {string.Join(" | ", cells)} |");
}
