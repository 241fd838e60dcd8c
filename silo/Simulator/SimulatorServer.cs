using System.Diagnostics;
using System.Diagnostics.Metrics;
using Informer.Ai.Simulator.Answers;
using Informer.Ai.Simulator.Chats;
using Informer.Ai.Simulator.Embeddings;
using Informer.Ai.Simulator.Images;
using Informer.Ai.Simulator.Models;
using Informer.Ai.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Informer.Ai.Simulator;

/// <summary>
/// A model provider that speaks the OpenAI API over real HTTP. It answers deterministically, costs nothing,
/// misbehaves on request (<see cref="Directives.Directive"/>) and remembers what it served (<see cref="Log"/>).
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    // Hanging answers have already been let go when this starts to run: it only covers what is in the sockets.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(1);

    private const string ObservedAs = "Informer.Ai.Simulator";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private int _disposed;

    private SimulatorServer(WebApplication app, CancellationTokenSource stopping, SimulatorLog log, Uri baseAddress)
    {
        _app = app;
        _stopping = stopping;
        Log = log;
        BaseAddress = baseAddress;
    }

    /// <summary>What an OpenAI client takes as its endpoint: <c>http://127.0.0.1:PORT/v1</c>.</summary>
    public Uri BaseAddress { get; }

    public SimulatorLog Log { get; }

    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);

        var log = new SimulatorLog(options.LogCapacity, time);
        var stopping = new CancellationTokenSource();
        var app = Build(options);
        Map(app, new CallPipeline(log, time, stopping.Token), log, time, options, stopping.Token);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            stopping.Dispose();
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new SimulatorServer(app, stopping, log, new Uri(bound.Addresses.First().TrimEnd('/') + "/v1"));
    }

    /// <summary>Lets every running answer go, also the hanging ones, and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        using (var patience = new CancellationTokenSource(StopWithin))
        {
            await _app.StopAsync(patience.Token);
        }

        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options)
    {
        // The empty builder reads no configuration and no environment: a host's own ASPNETCORE_URLS is not for us.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Address, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            // A client that reads slowly is the client's business: a provider that cut it would be a fault nobody asked for.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, HostedLifetime>();
        // A process that hosts the simulator observes its own HTTP server under these names; ours must not add to it.
        builder.Services.AddSingleton(new ActivitySource(ObservedAs));
        builder.Services.AddSingleton(new DiagnosticListener(ObservedAs));
        builder.Services.AddSingleton<IMeterFactory, OwnMeters>();
        return builder.Build();
    }

    private static void Map(
        WebApplication app,
        CallPipeline calls,
        SimulatorLog log,
        TimeProvider time,
        SimulatorOptions options,
        CancellationToken stopping)
    {
        Tokens.WarmUp();
        app.MapChats(calls);
        app.MapEmbeddings(calls, options.EmbeddingDimensions);
        app.MapImages(calls);
        app.MapModels(calls);
        app.MapLog(log, time, stopping);
    }

    private sealed class OwnMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter($"{ObservedAs}.{options.Name}", options.Version);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }

    /// <summary>The signals belong to whoever hosts the simulator; it stops when it is disposed.</summary>
    private sealed class HostedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
