using System.Text;

namespace Counter.Attack.Attackers;

/// <summary>HTTP/1.1 messages, written and read directly on a connection.</summary>
internal static class Http1
{
    private const int StatusAt = 9;
    private const int StatusLength = 3;

    /// <summary>A request without a body.</summary>
    public static byte[] Request(Target target, string path, string headers = "") =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {target.Plain.Authority}\r\nUser-Agent: Mozilla/5.0 attack\r\n{headers}\r\n");

    /// <summary>The head of a request with a form.</summary>
    public static byte[] Form(Target target, string path, string length) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {target.Plain.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n");

    /// <summary>Sends a GET request.</summary>
    public static Task AskAsync(this Stream stream, Target target, string path, CancellationToken over) =>
        stream.WriteAsync(Request(target, path), over).AsTask();

    /// <summary>Reads until the gateway closes the connection, and counts the status of the first answer.</summary>
    public static async Task ReadAnswersAsync(this Stream stream, Action<string> count, CancellationToken over)
    {
        await stream.ReadStatusAsync(count, over);
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, over) > 0)
        {
            // Ignores the bytes.
        }
    }

    /// <summary>Reads the beginning of an answer and counts its status.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before.</exception>
    public static async Task ReadStatusAsync(this Stream stream, Action<string> count, CancellationToken over)
    {
        var line = new byte[StatusAt + StatusLength];
        await stream.ReadExactlyAsync(line, over);
        count(Encoding.ASCII.GetString(line, StatusAt, StatusLength));
    }

    /// <summary>Sends the same bytes repeatedly until the gateway closes the connection.</summary>
    /// <exception cref="IOException">The gateway has closed the connection.</exception>
    public static async Task RepeatAsync(this Stream stream, ReadOnlyMemory<byte> bytes, TimeSpan pause, CancellationToken over)
    {
        while (true)
        {
            // Yields to the other clients, because the write and the delay may complete synchronously.
            await Task.Yield();
            await stream.WriteAsync(bytes, over);
            await Task.Delay(pause, over);
        }
    }

    /// <summary>Runs two tasks on a connection until one of them ends, then cancels the other.</summary>
    public static async Task EitherAsync(Func<CancellationToken, Task> one, Func<CancellationToken, Task> another, CancellationToken over)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task[] both = [one(ended.Token), another(ended.Token)];
        var first = await Task.WhenAny(both);
        await ended.CancelAsync();
        await Task.WhenAll(both).ContinueWith(static _ => { }, TaskScheduler.Default);
        await first;
    }
}
