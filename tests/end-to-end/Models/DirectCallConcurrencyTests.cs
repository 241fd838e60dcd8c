using System.Net;
using System.Net.Http.Json;
using Informer.Ai.Simulator;
using Xunit;

namespace Informer.Ai.Models;

/// <summary>Many direct calls at once on a small cap: a process of its own, since it changes the cap.</summary>
public sealed class DirectCallConcurrencyTests
{
    private const int Calls = 200;

    [Fact]
    public async Task L4_Of_two_hundred_embeddings_at_once_exactly_those_are_made_that_the_cap_covers()
    {
        using var directory = new TestDirectory();
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        await using var service = await ServiceProcess.Start(directory.Path, ServiceFixture.SettingsFor(simulator));
        using var admin = service.ClientOf("admin");
        using var analyst = service.ClientOf("analyst");
        // Half a credit a token, and a text of one token.
        var model = await admin.NewModel(new { name = "Dear", model = "sim-embedding", createEmbeddings = true, promptPpm = 5_000 });
        var profiles = await (await admin.GetAsync(new Uri("/api/usage-profiles", UriKind.Relative))).Json();
        var profile = profiles.GetProperty("_embedded").GetProperty("inf:usage-profile")[0].GetProperty("id").GetString();
        (await admin.PutAsJsonAsync($"/api/usage-profiles/{profile}", new { creditCapPerMonth = 10 })).EnsureSuccessStatusCode();

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => analyst.PostAsJsonAsync($"/api/models/{model}/_embed", new { input = "Hello" })));

        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode));
        Assert.All(await Task.WhenAll(refused.Select(answer => answer.Json())), body => Assert.Equal("CREDIT_LIMIT", body.GetProperty("code").GetString()));
        Assert.Equal((10m, 10m), await analyst.Used());
        Assert.Equal(20, simulator.Log.Entries().Count);
        Assert.Equal(20, service.Count("SELECT COUNT(*) FROM ledger_entry WHERE kind = 'hold'"));
        Assert.Equal(0, service.Count("SELECT COUNT(*) FROM credit_hold"));
    }
}
