using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Informer.Ai;

/// <summary>Where figures come from: a report names the commit and the machine.</summary>
public static class Surroundings
{
    private const string Solution = "Informer.Ai.sln";

    /// <summary>Cores, processor, system and runtime.</summary>
    public static string Machine() =>
        $"{Environment.ProcessorCount} cores, {Processor()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The directory of the solution.</summary>
    public static string Root()
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

    /// <summary>The short id of the commit, and whether files differ from it.</summary>
    public static string Commit()
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

    /// <summary>What temporary files are kept on.</summary>
    public static string FileSystem() =>
        DriveInfo.GetDrives().Where(drive => Path.GetTempPath().StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "an unknown file system";

    /// <summary>The load average of the last minute.</summary>
    public static string Load() => File.Exists("/proc/loadavg")
        ? string.Create(CultureInfo.InvariantCulture, $"{File.ReadAllText("/proc/loadavg").Split(' ')[0]}")
        : "unknown";
}
