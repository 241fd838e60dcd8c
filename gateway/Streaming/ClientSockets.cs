using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Informer.Ai.Streaming;

/// <summary>
/// Bounds what a connection keeps for a client that does not read, and for how long. Without it a client that vanished
/// is noticed after a quarter of an hour, and one that stopped reading is fed as long as the kernel's buffers grow.
/// Accepted sockets have it from the one that listens.
/// </summary>
internal sealed class ClientSockets(IOptions<GatewayOptions> limits) : IConfigureOptions<SocketTransportOptions>
{
    private const int SendBufferBytes = 256 * 1024;
    private const int IpProtoTcp = 6;
    private const int TcpUserTimeout = 18;

    public void Configure(SocketTransportOptions options) => options.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.SendBufferSize = SendBufferBytes;
            if (OperatingSystem.IsLinux())
            {
                var milliseconds = (int)limits.Value.ClientTimeout.TotalMilliseconds;
                socket.SetRawSocketOption(IpProtoTcp, TcpUserTimeout, BitConverter.GetBytes(milliseconds));
            }
        }

        return socket;
    };
}
