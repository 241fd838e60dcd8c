using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Informer.Ai.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Informer.Ai.Tests.Unit.Simulator;

/// <summary>Alone, because an environment variable and a listener belong to the whole process.</summary>
[CollectionDefinition(nameof(ServerTests), DisableParallelization = true)]
[Collection(nameof(ServerTests))]
public sealed class ServerTests
{
    [Fact]
    public async Task A_server_with_hanging_requests_stops_at_once()
    {
        var server = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer any");
        var hanging = http.PostAsync(server.BaseAddress + "/chat/completions", System.Net.Http.Json.JsonContent.Create(
            SimulatorFixture.Body("#sim fault=hang-before-headers")));
        await server.Log.WaitAsync(request => request.Fault is not null, SimulatorFixture.Patience);

        var watch = Stopwatch.StartNew();
        await server.DisposeAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"stopped after {watch.Elapsed}");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => hanging);
        Assert.Equal("server-stopped", server.Log.Entries().Single().Fault);
    }

    [Fact]
    public async Task Time_is_the_one_that_was_given()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), time);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer any");
        var begun = server.Log.WaitAsync(request => request.TimeToHeaders is not null, SimulatorFixture.Patience);
        var answering = http.PostAsync(server.BaseAddress + "/chat/completions", System.Net.Http.Json.JsonContent.Create(
            SimulatorFixture.Body("#sim first=3600000 tokens=1")));
        await begun;

        // The wait for the first token begins an instant after the headers, so the clock is moved until it is met.
        while (!answering.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        var request = server.Log.Entries().Single();
        Assert.Equal(2031, request.StartedAt.Year);
        Assert.True(request.Duration >= TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await answering).StatusCode);
    }

    [Fact]
    public async Task The_addresses_of_its_host_are_not_its_own()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:1");
        try
        {
            await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
            Assert.True(server.BaseAddress.IsLoopback);
            Assert.NotEqual(1, server.BaseAddress.Port);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    [Fact]
    public async Task Its_requests_are_not_among_those_that_its_host_observes()
    {
        var seen = new List<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => seen.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
                {
                    seen.Add(instrument.Name);
                }
            },
        };
        meters.Start();

        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);
        using var http = new HttpClient();
        using var response = await http.GetAsync(server.BaseAddress + "/models");

        Assert.Empty(seen);
    }

    [Fact]
    public async Task A_taken_port_is_an_error_at_the_start()
    {
        await using var first = await SimulatorServer.StartAsync(new SimulatorOptions(), TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(
            () => SimulatorServer.StartAsync(new SimulatorOptions { Port = first.BaseAddress.Port }, TimeProvider.System));
    }
}
