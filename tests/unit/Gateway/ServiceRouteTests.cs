using System.Net;

namespace Informer.Ai.Gateway;

/// <summary>Health and the API's own description.</summary>
public class ServiceRouteTests
{
    [Theory]
    [InlineData("/health/live", """{"status":"ok","notReady":[]}""")]
    [InlineData("/health/ready", """{"status":"ok","notReady":[]}""")]
    public async Task Health_is_open_to_all(string path, string body)
    {
        await using var host = await GatewayHost.Start();
        using var client = host.Client(null);

        Assert.Equal(body, await client.GetStringAsync(path));
    }

    [Fact]
    public async Task Readiness_names_what_is_not_ready()
    {
        await using var host = await GatewayHost.Start(unready: "ledger");
        using var response = await host.Http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"status":"unavailable","notReady":["ledger"]}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var host = await GatewayHost.Start();

        var description = await host.Http.GetStringAsync("/openapi/v1.json");
        var page = await host.Http.GetStringAsync("/docs");

        Assert.Contains("\"/api/chats/{id}/_stream\"", description, StringComparison.Ordinal);
        Assert.Contains("text/event-stream", description, StringComparison.Ordinal);
        Assert.Contains("RunTurnRequest", description, StringComparison.Ordinal);
        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
    }
}
