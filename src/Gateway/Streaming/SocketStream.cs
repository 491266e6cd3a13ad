using System.Net.WebSockets;
using Counter.Gateway.Frames;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Streaming;

/// <summary>Numbers as messages of a WebSocket.</summary>
internal sealed class SocketStream(WebSocket socket, HttpContext context, TimeProvider clock, CounterMetrics metrics)
    : LiveStream(clock, metrics)
{
    public override CancellationToken Aborted => context.RequestAborted;

    /// <summary>Reads until the peer leaves.</summary>
    public async Task ListenAsync()
    {
        await ListenAsync(socket, context.RequestAborted);
        Close();
    }

    /// <summary>Reads until the peer leaves or the socket is disposed. Discards all messages.</summary>
    public static async Task ListenAsync(WebSocket socket, CancellationToken aborted)
    {
        var buffer = new byte[256];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), aborted);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The peer left without a close message, or did not answer one.
        }
    }

    protected override async ValueTask<bool> WriteAsync(Frame frame, bool last)
    {
        await socket.SendAsync(frame.Image, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        if (last)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "restarting", context.RequestAborted);
        }

        return true;
    }

    protected override void Abort() => context.Abort();
}
