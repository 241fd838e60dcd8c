
namespace Informer.Ai.Gateway;

/// <summary>One gateway for the tests of a class that only look at single answers.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    internal GatewayHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await GatewayHost.Start();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
