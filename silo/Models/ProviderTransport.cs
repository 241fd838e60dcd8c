using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>
/// The connections to providers: shared by all calls, without redirects, cookies and, to the tenants' own providers,
/// without a proxy, which would connect to addresses that the guard never sees.
/// </summary>
internal sealed class ProviderTransport(AddressGuard guard, IOptions<ProviderOptions> options, TimeProvider time) : IDisposable
{
    private HttpMessageHandler? _managed;
    private HttpMessageHandler? _own;

    /// <summary>To the operator's provider.</summary>
    public HttpMessageHandler Managed => LazyInitializer.EnsureInitialized(ref _managed, () => Handler(guarded: false));

    /// <summary>To the tenants' own providers.</summary>
    public HttpMessageHandler Own => LazyInitializer.EnsureInitialized(ref _own, () => Handler(guarded: true));

    /// <inheritdoc/>
    public void Dispose()
    {
        _managed?.Dispose();
        _own?.Dispose();
    }

    private SocketsHttpHandler Handler(bool guarded) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !guarded,
        // Above our own, which can tell a call that was not sent from one that was.
        ConnectTimeout = options.Value.ConnectTimeout * 2,
        ConnectCallback = (context, cancellation) => Connect(context, guarded, cancellation),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A call that is cut between two reads would otherwise be read on for seconds, and paid for.
        ResponseDrainTimeout = TimeSpan.Zero,
    };

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, bool guarded, CancellationToken cancellation)
    {
        if (guarded && !guard.AllowsScheme(context.InitialRequestMessage.RequestUri!))
        {
            throw new AddressRefusedException();
        }

        using var patience = new CancellationTokenSource(options.Value.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(context.DnsEndPoint.Host, out var literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, both.Token);
            var allowed = guarded ? [.. addresses.Where(guard.Allows)] : addresses;
            return allowed.Length > 0
                ? await Connect(allowed, context.DnsEndPoint.Port, both.Token)
                : throw new AddressRefusedException();
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private static async Task<Stream> Connect(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
