using System.Globalization;
using Xunit;

namespace Informer.Ai.AiSdk;

/// <summary>The scripts beside this file, copied next to the tests, with the packages that their lock file names.</summary>
public sealed class NodeScripts : IAsyncLifetime
{
    private const int NodeMajorMin = 20;
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunWithin = TimeSpan.FromMinutes(1);
    private static readonly string Here = Path.Combine(AppContext.BaseDirectory, "AiSdk");

    private string? _missing;

    public async ValueTask InitializeAsync()
    {
        _missing = await Missing();
        if (_missing is null && !Installed)
        {
            await Install();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs scenarios (<c>module/export</c>) with a package; skips without Node, unless components are required.</summary>
    public async Task Run(string package, IEnumerable<string> scenarios, IReadOnlyDictionary<string, string> environment)
    {
        if (_missing is not null)
        {
            Assert.False(Environment.GetEnvironmentVariable("INFORMER_REQUIRE_COMPONENTS") == "1", _missing);
            Assert.Skip(_missing);
        }

        var outcome = await BoundedProcess.Run(
            "node", ["run.mjs", .. scenarios], Here, RunWithin, new Dictionary<string, string>(environment) { ["AI_PACKAGE"] = package });

        Assert.True(outcome?.ExitCode == 0, $"{outcome?.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "Not ended in time"}\n{outcome?.Output}");
    }

    private static async Task<string?> Missing()
    {
        if (await BoundedProcess.Run("node", ["--version"], Here, RunWithin) is not { ExitCode: 0 } node
            || await BoundedProcess.Run("npm", ["--version"], Here, RunWithin) is not { ExitCode: 0 })
        {
            return "The published AI SDK needs node and npm, which are not here.";
        }

        var version = node.Output.Trim();
        return Version.TryParse(version.TrimStart('v'), out var parsed) && parsed.Major >= NodeMajorMin
            ? null
            : $"The published AI SDK needs node {NodeMajorMin}; this is {version}.";
    }

    // Written after an installation, so that half of one is made again.
    private static string Stamp => Path.Combine(Here, "node_modules", ".installed");

    private static string Lock => File.ReadAllText(Path.Combine(Here, "package-lock.json"));

    private static bool Installed => File.Exists(Stamp) && File.ReadAllText(Stamp) == Lock;

    private static async Task Install()
    {
        var outcome = await BoundedProcess.Run(
            "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Here, InstallWithin);
        if (outcome?.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci failed.\n{outcome?.Output}");
        }

        await File.WriteAllTextAsync(Stamp, Lock);
    }
}
