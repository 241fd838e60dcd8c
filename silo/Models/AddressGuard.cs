using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Models;

/// <summary>
/// Decides which addresses a tenant's provider may have: public ones, and what the operator allows. It judges the
/// address that a socket is about to connect to, so that neither a name nor a spelling of an address gets around it.
/// </summary>
internal sealed class AddressGuard(IOptions<ProviderOptions> options)
{
    // What is not public, with what is public and belongs to a cloud's own machinery.
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>A connection to this address may be opened.</summary>
    public bool Allows(IPAddress address)
    {
        var real = Unwrapped(address);
        return Contains(_allowed, real)
            || (!Contains(Closed, real) && (real.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(real)));
    }

    /// <summary>Calls to this address may be made at all, wherever its name leads.</summary>
    public bool AllowsScheme(Uri address) => address.Scheme == Uri.UriSchemeHttps || (options.Value.AllowHttp && address.Scheme == Uri.UriSchemeHttp);

    // The IPv4 address that an IPv6 one stands for is the one that is reached.
    private static IPAddress Unwrapped(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..])
        : address;

    private static bool Contains(IPNetwork[] networks, IPAddress address) => networks.Any(network => network.Contains(address));
}

/// <summary>A tenant's provider has an address that it may not have.</summary>
internal sealed class AddressRefusedException() : IOException("The address is not allowed.");
