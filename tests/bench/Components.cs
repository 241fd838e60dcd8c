namespace Informer.Ai;

/// <summary>What benchmarks run against.</summary>
internal static class Components
{
    /// <summary>Whether Postgres' programs are on this machine; where they are not, the report says so, unless they are required.</summary>
    public static bool HavePostgres(Report report)
    {
        if (PostgresServer.MissingReason is not { } reason)
        {
            return true;
        }

        report.Line($"This was not measured: {reason}");
        BrokenException.Unless(Environment.GetEnvironmentVariable("INFORMER_REQUIRE_COMPONENTS") != "1", reason);
        return false;
    }

    /// <summary>The service in a process of its own, with the simulator as its provider.</summary>
    public static Task<ServiceProcess> Service(TestDirectory directory, SimulatorProcess simulator, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = SimulatorProcess.Key,
            ["OPENAI_BASE_URL"] = simulator.Address.ToString(),
            ["Informer__Models__Everyday"] = "sim-everyday",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return ServiceProcess.Start(directory.Path, settings);
    }
}
