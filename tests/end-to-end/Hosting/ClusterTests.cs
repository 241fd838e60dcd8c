using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Informer.Ai.Simulator;
using Npgsql;
using Xunit;

namespace Informer.Ai.Hosting;

/// <summary>Several real processes on one Postgres.</summary>
public sealed class ClusterTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Whichever_process_dies_the_other_answers_and_the_chats_and_credits_are_the_same()
    {
        var address = await postgres.CreateDatabaseAsync();
        using var directories = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var first = await Start(address, directories, "first", simulator);
        await using var second = await Start(address, directories, "second", simulator);
        using var throughFirst = first.ClientOf("analyst");
        using var throughSecond = ClientOf(second, first.TokenOf("analyst"));

        var (one, two) = (await throughFirst.NewChat(), await throughSecond.NewChat());
        Assert.Equal("finish", await LastEvent(throughFirst, one));
        Assert.Equal("finish", await LastEvent(throughSecond, two));
        Assert.Equal(2, (await throughSecond.Messages(one)).Count);
        Assert.Equal(2, (await throughFirst.Messages(two)).Count);
        Assert.Equal(await throughFirst.Used(), await throughSecond.Used());

        await first.Kill();
        await AnswersAgain(throughSecond, one);

        // The pool was in one of the two: it has moved at the first death or does so at the second.
        await using var third = await Start(address, directories, "third", simulator);
        using var throughThird = ClientOf(third, first.TokenOf("analyst"));
        await second.Kill();
        await AnswersAgain(throughThird, two);

        Assert.Equal(0, await Number(address, "SELECT count(*) FROM credit_hold"));
        Assert.Equal(0, await Number(address, "SELECT settled - (SELECT sum(charged) FROM usage_event) FROM credit_pool"));
        Assert.True(await Number(address, "SELECT epoch FROM credit_pool") >= 2);
    }

    [Fact]
    public async Task Processes_that_start_at_once_on_an_empty_database_fill_it_once()
    {
        var address = await postgres.CreateDatabaseAsync();
        using var directories = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);

        var processes = await Task.WhenAll(new[] { "a", "b" }.Select(name => Start(address, directories, name, simulator)));

        var filled = Assert.Single(processes, process => File.Exists(Path.Combine(process.DataDirectory, "bootstrap.json")));
        foreach (var process in processes)
        {
            using var client = ClientOf(process, filled.TokenOf("analyst"));
            Assert.Equal(50_000, (await client.Budget()).GetProperty("pool").GetProperty("included").GetDecimal());
        }

        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_providers_key_that_one_process_was_given_is_read_by_the_others()
    {
        var address = await postgres.CreateDatabaseAsync();
        using var directories = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        (string, string)[] keyRing = [("Informer__KeyRing__Directory", Path.Combine(directories.Path, "keys")), ("Informer__KeyRing__Secret", "a secret of the operator, and a long one")];
        var processes = await Task.WhenAll(new[] { "a", "b" }.Select(name => Start(address, directories, name, simulator, keyRing)));
        var token = processes.Single(process => File.Exists(Path.Combine(process.DataDirectory, "bootstrap.json"))).TokenOf("admin");
        using var first = ClientOf(processes[0], token);
        using var second = ClientOf(processes[1], token);
        var credential = new { type = "api_key", apiKey = "sk-shared" };

        foreach (var (giver, reader) in new[] { (first, second), (second, first) })
        {
            var provider = await (await giver.PostAsJsonAsync(
                "/api/providers", new { name = "Own", type = "openai-compatible", baseUrl = simulator.BaseAddress, credential })).Json();
            var test = await (await reader.PostAsync(new Uri($"/api/providers/{provider.GetProperty("id").GetString()}/_test", UriKind.Relative), null)).Json();

            Assert.True(test.GetProperty("ok").GetBoolean(), test.ToString());
        }

        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("ConnectionStrings__Postgres", "", "ConnectionStrings:Postgres is missing")]
    [InlineData("ConnectionStrings__Postgres", "here", "ConnectionStrings:Postgres is not a connection string")]
    [InlineData("ConnectionStrings__Postgres", "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=geheim", "ConnectionStrings:Postgres")]
    [InlineData("Informer__ClusterId", "", "Informer:ClusterId")]
    [InlineData("Informer__ServiceId", "", "Informer:ServiceId")]
    [InlineData("Informer__SiloPort", "70000", "Informer:SiloPort")]
    [InlineData("Informer__OrleansGatewayPort", "0", "Informer:OrleansGatewayPort")]
    [InlineData("Informer__AdvertisedAddress", "0.0.0.0", "Informer:AdvertisedAddress")]
    [InlineData("Informer__AdvertisedAddress", "192.0.2.1", "Informer:AdvertisedAddress")]
    public async Task An_impossible_setting_of_a_cluster_stops_the_start_and_is_named(string name, string value, string said)
    {
        using var directory = new TestDirectory();
        var settings = ClusterSettings.For("Host=127.0.0.1;Port=1;Database=x;Username=x");
        settings[name] = value;

        await using var service = ServiceProcess.Launch(directory.Path, settings);

        Assert.Equal(1, await service.Exited(Soon));
        Assert.Contains(said, service.Console);
        Assert.DoesNotContain("   at ", service.Console);
        Assert.DoesNotContain("geheim", service.Console);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_and_is_named()
    {
        using var directory = new TestDirectory();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var settings = ClusterSettings.For("Host=127.0.0.1;Port=1;Database=x;Username=x");
        settings["Informer__SiloPort"] = port;

        await using var service = ServiceProcess.Launch(directory.Path, settings);

        Assert.Equal(1, await service.Exited(Soon));
        Assert.Contains($"Informer:SiloPort {port}", service.Console);
    }

    private static Task<ServiceProcess> Start(
        string address, TestDirectory directories, string name, SimulatorServer simulator, params (string Name, string Value)[] more) =>
        ServiceProcess.Start(
            Path.Combine(directories.Path, name),
            ServiceFixture.SettingsFor(simulator, [.. ClusterSettings.For(address).Select(setting => (setting.Key, setting.Value)), .. more]));

    private static HttpClient ClientOf(ServiceProcess process, string token)
    {
        var client = process.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<string> LastEvent(HttpClient client, string chat)
    {
        var (events, _) = await UiStream.ReadAll(await client.Turn(chat, "Hello #sim tokens=5"));
        return events[^1].Type;
    }

    private static Task AnswersAgain(HttpClient client, string chat) => ServiceCalls.Eventually(
        async () =>
        {
            using var answer = await client.Turn(chat, "Still there? #sim tokens=5");
            return answer.StatusCode == HttpStatusCode.OK && (await UiStream.ReadAll(answer)).Events[^1].Type == "finish";
        },
        Takeover);

    private static async Task<long> Number(string address, string sql)
    {
        await using var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
