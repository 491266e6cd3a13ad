using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Counter.Gateway.Operations;

/// <summary>Sets on the listening socket what every accepted one inherits (on Linux), so it costs nothing a connection.</summary>
internal static class ListenSocket
{
    // A peer that vanished says nothing: the kernel asks after 15 s of silence, and then every 5 s, and gives up after 3 asks.
    private const int KeepAliveSeconds = 15;
    private const int KeepAliveIntervalSeconds = 5;
    private const int KeepAliveRetries = 3;

    // linux/tcp.h. Frames are written every 15 s at least, and what is written and not acknowledged stops the keep-alive
    // probes (tcp(7)), so this is what ends a connection to a peer that vanished.
    private const int TcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 20_000;

    // Frames are small and only the newest matters. The default of megabytes would keep minutes of old numbers for a slow peer.
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
