using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Counter.Gateway.Operations;

/// <summary>Sets options on the listening socket that every accepted socket inherits (on Linux). They cost nothing per connection.</summary>
internal static class ListenSocket
{
    // Finds vanished peers: the kernel probes after 15 s of silence, then every 5 s, and gives up after 3 probes.
    private const int KeepAliveSeconds = 15;
    private const int KeepAliveIntervalSeconds = 5;
    private const int KeepAliveRetries = 3;

    // linux/tcp.h. A frame is written every 15 s at least, and unacknowledged data stops the keep-alive probes (tcp(7)), so this time-out ends a
    // connection to a vanished peer.
    private const int TcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 20_000;

    // Frames are small and only the newest matters. The default of megabytes would buffer minutes of old numbers for a slow peer.
    private const int SendBufferBytes = 64 * 1024;

    /// <summary>Binds as Kestrel does, with our options.</summary>
    public static Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is not IPEndPoint)
        {
            return socket;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
        socket.SendBufferSize = SendBufferBytes;
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
        }

        return socket;
    }
}
