using Informer.Ai.Models;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Informer.Ai;

/// <summary>Says on the console where the service listens and what to try first; the tokens only at the first start.</summary>
internal sealed class Greeting(
    Bootstrap bootstrap, DataDirectory directory, ManagedEndpoint endpoint, IServer server, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Say);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Say()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        Console.WriteLine($"Informer AI listens on {address} (API page: {address}/docs)");
        Console.WriteLine(endpoint.Simulated
            ? $"Models: the built-in simulator at {endpoint.Address}; set OPENAI_API_KEY for real ones"
            : $"Models: {endpoint.Address}");
        Console.WriteLine(File.Exists(directory.BootstrapFile)
            ? $"Tokens: {directory.BootstrapFile}"
            : "Tokens: in the bootstrap.json of the process that was started first");
        if (bootstrap.Fresh is { } fresh)
        {
            Console.WriteLine($"  operator  {fresh.Operator.Token}");
            Console.WriteLine($"  admin     {fresh.Admin.Token}");
            Console.WriteLine($"  analyst   {fresh.Analyst.Token}");
        }

        var token = bootstrap.Fresh?.Analyst.Token ?? "<the analyst's token>";
        Console.WriteLine("Try:");
        Console.WriteLine(
            $$"""  curl -N {{address}}/api/models/go_everyday/_completion -H 'authorization: Bearer {{token}}' -H 'content-type: application/json' -d '{"prompt":"Say hello"}'""");
    }
}
