using System.Globalization;

namespace Informer.Ai.Credits;

/// <summary>A spec as text: the first line names the columns, a cell begins under its name, the first column is the command.</summary>
internal static class SpecTable
{
    public static IEnumerable<SpecRow> Rows(string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToArray();
        var starts = new List<(string Name, int At)>();
        var header = lines[0];
        for (var at = 0; at < header.Length; at++)
        {
            if (header[at] != ' ' && (at == 0 || header[at - 1] == ' '))
            {
                var end = header.IndexOf(' ', at);
                starts.Add((header[at..(end < 0 ? header.Length : end)], at));
            }
        }

        return lines.Skip(1).Select(line => new SpecRow(line, Cells(line, starts)));
    }

    private static Dictionary<string, string> Cells(string line, List<(string Name, int At)> starts)
    {
        var cells = new Dictionary<string, string> { [""] = Cut(line, 0, starts[0].At) };
        for (var i = 0; i < starts.Count; i++)
        {
            cells[starts[i].Name] = Cut(line, starts[i].At, i + 1 < starts.Count ? starts[i + 1].At : line.Length);
        }

        return cells;
    }

    private static string Cut(string line, int from, int until)
    {
        if (from > 0 && from < line.Length && line[from - 1] != ' ')
        {
            throw new FormatException($"A cell crosses column {from}: {line}");
        }

        return from < line.Length ? line[from..Math.Min(until, line.Length)].Trim() : "";
    }
}

/// <summary>One line of a spec; a cell that is not there is empty.</summary>
internal sealed record SpecRow(string Line, IReadOnlyDictionary<string, string> Cells)
{
    public string Command => Cells[""];

    public string this[string column] => Cells.GetValueOrDefault(column, "");

    /// <summary>Credits in micro-credits; null for "none" and for an empty cell.</summary>
    public long? MicroCredits(string column) => this[column] is "" or "none"
        ? null
        : (long)(decimal.Parse(this[column], CultureInfo.InvariantCulture) * 1_000_000);
}
