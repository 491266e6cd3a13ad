using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Streaming;

/// <summary>The socket under an answer over plain HTTP/1.1, for frames that are written past the web server.</summary>
/// <remarks>
/// Kestrel copies each frame, takes locks for it and hands it to another thread, which is more work than the kernel's own
/// (docs/performance.md). Its answer has begun and is chunked; a frame here is one chunk, the same bytes for everybody. Both never write at the same time: a flush
/// of Kestrel's ends when all of it is with the kernel (<c>SocketTransportOptions.MaxWriteBufferSize</c> is 1, see <c>Server</c>), it writes
/// nothing while nobody asks it to, and the end of the answer is asked for after the last frame here.
/// </remarks>
internal sealed class ChunkSocket
{
    private readonly Socket socket;
    private readonly HttpContext context;

    private ChunkSocket(Socket socket, HttpContext context)
    {
        (this.socket, this.context) = (socket, context);

        // A write that does not fit says so instead of keeping the thread, which writes to others next.
        socket.Blocking = false;
    }

    /// <summary>The socket of an answer that has begun; null where there is more between us and it: TLS, HTTP/2, another server.</summary>
    public static ChunkSocket? Find(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol)
        && context.Response.Headers.TransferEncoding == "chunked"
        && context.Features.Get<ITlsHandshakeFeature>() is null
        && context.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket }
            ? new ChunkSocket(socket, context)
            : null;

    /// <summary>Writes a chunk. Where only a part of it could be, the connection is cut: the server must not go on after that.</summary>
    /// <returns>False when the peer is gone.</returns>
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
