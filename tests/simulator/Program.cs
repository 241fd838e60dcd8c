using System.Net;
using System.Runtime.InteropServices;
using Informer.Ai.Simulator;

// simulator [--port 9191] [--urls http://0.0.0.0:9191]
var arguments = new ConfigurationBuilder().AddCommandLine(args).Build();
var url = BindingAddress.Parse(arguments["urls"] ?? $"http://127.0.0.1:{arguments["port"] ?? "9191"}");
var options = new SimulatorOptions
{
    Address = url.Host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host, out var address) ? address : IPAddress.Any,
    Port = url.Port,
};

var stop = new TaskCompletionSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using var simulator = await SimulatorServer.StartAsync(options, TimeProvider.System);
Console.WriteLine(simulator.BaseAddress);
await stop.Task;
