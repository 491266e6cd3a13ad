using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Streaming;

/// <summary>The socket under a response over plain HTTP/1.1. It writes frames without the web server.</summary>
/// <remarks>
/// Kestrel copies each frame, takes locks for it and hands it to another thread. That is more work than the kernel's own (docs/performance.md).
/// Kestrel begins the response, which is chunked. A frame is one chunk here, with the same bytes for every stream. Kestrel and this socket never
/// write at the same time: a flush of Kestrel ends when the kernel has all of it (<c>SocketOutput</c>), Kestrel writes nothing on its own, and the
/// end of the response is requested after the last frame here.
/// </remarks>
internal sealed partial class ChunkSocket
{
    // MSG_DONTWAIT and MSG_NOSIGNAL of Linux.
    private const int SendFlags = 0x40 | 0x4000;

    private readonly Socket socket;
    private readonly HttpContext context;

    private ChunkSocket(Socket socket, HttpContext context) => (this.socket, this.context) = (socket, context);

    /// <summary>Finds the socket of a response that has begun. Null where TLS, HTTP/2 or another server lies between.</summary>
    public static ChunkSocket? Find(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol)
        && context.Response.Headers.TransferEncoding == "chunked"
        && context.Features.Get<ITlsHandshakeFeature>() is null
        && context.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket }
            ? new ChunkSocket(socket, context)
            : null;

    /// <summary>Writes a chunk. A chunk that was written only in part cuts the connection, because the server must not continue after it.</summary>
    /// <returns>False when the peer has left.</returns>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> chunk)
    {
        var sent = socket.Send(chunk.Span, SocketFlags.None, out var error);
        if (sent == chunk.Length)
        {
            return new ValueTask<bool>(true);
        }

        if (error is SocketError.Success or SocketError.WouldBlock)
        {
            return SendRestAsync(chunk[sent..]);
        }

        context.Abort();
        return new ValueTask<bool>(false);
    }

    /// <summary>Sends what the kernel takes at once of a chunk, on Linux. <see cref="CompleteAsync"/> must follow.</summary>
    /// <returns>The number of bytes, which may be 0. Negative on any error.</returns>
    public int SendNow(ReadOnlySpan<byte> chunk)
    {
        try
        {
            return (int)Send(socket.SafeHandle, chunk, chunk.Length, SendFlags);
        }
        catch (ObjectDisposedException)
        {
            // The server has closed the connection.
            return -1;
        }
    }

    /// <summary>Completes a chunk after <see cref="SendNow"/>. Finds out what an error was.</summary>
    /// <returns>False when the peer has left.</returns>
    public async ValueTask<bool> CompleteAsync(ReadOnlyMemory<byte> chunk, int sent) =>
        sent == chunk.Length || await (sent < 0 ? SendAsync(chunk) : SendRestAsync(chunk[sent..]));

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    private async ValueTask<bool> SendRestAsync(ReadOnlyMemory<byte> rest)
    {
        try
        {
            while (rest.Length > 0)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
            }

            return true;
        }
        catch
        {
            context.Abort();
            throw;
        }
    }
}
