using System.Diagnostics;
using System.Net;
using System.Text;

namespace Counter.Load;

/// <summary>The body of a request that publishes pictures at a fixed rate and measures their delay to the watchers.</summary>
internal sealed class PublishedStream(byte[][] pictures, int framesPerSecond, int count, Viewer[] everybody) : HttpContent
{
    /// <summary>The pictures sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>The milliseconds from sending a picture until all watchers have it. Pictures that a watcher skipped are omitted.</summary>
    public List<double> Delays { get; } = [];

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / framesPerSecond));
        await stream.WriteAsync("--load\r\n"u8.ToArray());
        long sentAt = 0;
        long sum = 0;
        while (Sent < count && await beat.WaitForNextTickAsync())
        {
            var now = everybody.Sum(v => (long)v.Frames);
            if (Sent > 0 && now - sum == everybody.Length)
            {
                Delays.Add(Stopwatch.GetElapsedTime(sentAt, everybody.Max(v => v.LastFrame)).TotalMilliseconds);
            }

            sum = now;
            var picture = pictures[Sent % pictures.Length];
            sentAt = Stopwatch.GetTimestamp();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"Content-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"));
            await stream.WriteAsync(picture);
            await stream.WriteAsync("\r\n--load\r\n"u8.ToArray());
            await stream.FlushAsync();
            Sent++;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
