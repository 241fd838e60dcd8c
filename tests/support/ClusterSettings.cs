using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Informer.Ai;

/// <summary>What makes a process one of a cluster.</summary>
public static class ClusterSettings
{
    /// <summary>Settings for a process of its own ports on a database.</summary>
    public static Dictionary<string, string> For(string connectionString)
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return new Dictionary<string, string>
        {
            ["Informer__Mode"] = "Cluster",
            ["ConnectionStrings__Postgres"] = connectionString,
            ["Informer__SiloPort"] = PortOf(first),
            ["Informer__OrleansGatewayPort"] = PortOf(second),
        };
    }

    private static string PortOf(TcpListener listener) =>
        ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
}
