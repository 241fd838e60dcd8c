using System.Net;
using Informer.Ai.Isolation;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Statuses;

/// <summary>A service whose store is gone for a while.</summary>
public sealed class StoreOutageTests
{
    private static readonly string[] Chapters = ["chats", "memories", "models", "streaming"];

    [Fact]
    public async Task Without_its_store_each_route_is_503_as_its_description_says_and_comes_back_with_it()
    {
        PostgresFixture.Need();
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var postgres = await PostgresServer.CreateAsync(durable: false);
        var store = ClusterSettings.For(await postgres.CreateDatabaseAsync()).Select(setting => (setting.Key, setting.Value));
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator, [.. store]));
        using var admin = service.ClientOf("admin");
        var routes = (await ApiRoutes.Read(admin)).Where(route => Chapters.Contains(Provocation.ChapterOf(route))).ToList();
        var any = Guid.CreateVersion7().ToString("N");
        var things = new Things(any, any, any, any, any, any);

        await postgres.StopAsync(immediate: true);
        var answers = await Task.WhenAll(routes.Select(async route => (Route: route, Answer: await Provocation.Ask(admin, route, things))));
        await postgres.StartAsync();

        Assert.NotEmpty(routes);
        Assert.Empty(answers
            .Where(one => one.Answer.Status != 503 || one.Answer.Code is not { } code || !one.Route.Statuses[503].Contains(code))
            .Select(one => $"{one.Route}: {one.Answer}"));
        await ServiceCalls.Eventually(
            async () => (await admin.GetAsync(new Uri("/api/chats", UriKind.Relative))).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
    }
}
