using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Informer.Ai;

/// <summary>What a benchmark found, as Markdown: on the console, and on demand in <c>docs/benchmarks</c>.</summary>
internal sealed class Report(string name, string arguments)
{
    private const string Solution = "Informer.Ai.sln";

    private readonly StringBuilder _text = new();
    private readonly string _loadBefore = Load();

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
        Line($"- commit {Commit()}, `dotnet run -c Release --project tests/bench -- {arguments}`");
        Line($"- {Environment.ProcessorCount} cores, {Processor()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Line($"- data on {FileSystem()}; load average {_loadBefore} before, {Load()} after (the benchmark itself counts in the second)");
        if (write)
        {
            var directory = Directory.CreateDirectory(Path.Combine(Root(), "docs", "benchmarks"));
            File.WriteAllText(Path.Combine(directory.FullName, $"{name}.md"), _text.ToString());
        }
    }

    private void Row(IEnumerable<string> cells) => Line($"| {string.Join(" | ", cells)} |");

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Solution)))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"{Solution} is not above {AppContext.BaseDirectory}.");
    }

    private static string Commit()
    {
        try
        {
            var changed = Git("status", "--porcelain", "--untracked-files=no").Length > 0;
            return Git("rev-parse", "--short", "HEAD") + (changed ? " with changes" : "");
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return "unknown";
        }
    }

    private static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = Root() };
        using var git = Process.Start(start)!;
        var answer = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return answer;
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(": ", 2)[^1] ?? RuntimeInformation.ProcessArchitecture.ToString()
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string FileSystem() =>
        DriveInfo.GetDrives().Where(drive => Path.GetTempPath().StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "an unknown file system";

    private static string Load() => File.Exists("/proc/loadavg")
        ? string.Create(CultureInfo.InvariantCulture, $"{File.ReadAllText("/proc/loadavg").Split(' ')[0]}")
        : "unknown";
}
