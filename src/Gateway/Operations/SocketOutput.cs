using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Counter.Gateway.Operations;

/// <summary>Writes to the socket of a connection on the thread that flushes, and only when the kernel does not take all bytes on another.</summary>
/// <remarks>
/// The server's own output hands each flush to a second thread and back: over TLS more than half of a frame's CPU time (docs/performance.md). Here
/// a flush ends when the kernel has all bytes. So a write of <c>ChunkSocket</c> comes after them, and the response to a broken request is on
/// its way before its connection is cut.
/// </remarks>
/// <param name="socket">The socket.</param>
/// <param name="connection">The connection. It is aborted when the client has left.</param>
internal sealed class SocketOutput(Socket socket, ConnectionContext connection) : BufferedOutput
{
    private static readonly FlushResult Closed = new(isCanceled: false, isCompleted: true);

    private bool isClosed;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var rented = Take();
        var sent = Send(rented.Bytes);
        if (sent < rented.Length && !isClosed)
        {
            return SendRestAsync(rented.Bytes[sent..], rented, cancellationToken);
        }

        rented.Return();
        return new ValueTask<FlushResult>(isClosed ? Closed : default);
    }

    /// <inheritdoc/>
    /// <remarks>TLS writes this way. Its bytes are not copied.</remarks>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (UnflushedBytes > 0)
        {
            return base.WriteAsync(source, cancellationToken);
        }

        var sent = Send(source);
        return sent < source.Length && !isClosed
            ? SendRestAsync(source[sent..], rented: null, cancellationToken)
            : new ValueTask<FlushResult>(isClosed ? Closed : default);
    }

    /// <summary>Sends what the kernel takes at once, and returns the number of bytes.</summary>
    private int Send(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0 || isClosed)
        {
            return 0;
        }

        try
        {
            var sent = socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error is SocketError.Success or SocketError.WouldBlock)
            {
                return sent;
            }
        }
        catch (ObjectDisposedException)
        {
            // The server has closed the connection.
        }

        Close();
        return 0;
    }

    private async ValueTask<FlushResult> SendRestAsync(ReadOnlyMemory<byte> rest, Rented? rented, CancellationToken cancellationToken)
    {
        try
        {
            // Half a write cannot be taken back, so the end of the wait is the end of the connection.
            using (cancellationToken.UnsafeRegister(static connection => ((ConnectionContext)connection!).Abort(), connection))
            {
                while (rest.Length > 0)
                {
                    rest = rest[await socket.SendAsync(rest, SocketFlags.None, CancellationToken.None)..];
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Close();
            return Closed;
        }

        rented?.Return();
        return default;
    }

    private void Close()
    {
        isClosed = true;
        connection.Abort();
    }
}
