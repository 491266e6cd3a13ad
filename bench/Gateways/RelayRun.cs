using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Counter.Gateways;

/// <summary>Publishes pictures at one gateway, watches them at another, and measures their rate and delay.</summary>
internal static class RelayRun
{
    private static readonly byte[] Begin = [0xff, 0xd8, 0xff, 0xfe];

    private const int PictureBytes = 20_000;
    private const int FramesPerSecond = 25;
    private const int Seconds = 10;

    /// <summary>Runs for some seconds and prints the results.</summary>
    public static async Task RunAsync(Uri publishAt, Uri watchAt, string key, Func<bool> isKnown, string what)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var picture = Pad(await http.GetByteArrayAsync(new Uri(publishAt, "/preview.jpg?n=1")));
        using var end = new CancellationTokenSource();
        var camera = PublishAsync(http, publishAt, key, picture, end.Token);
        while (!isKnown())
        {
            await Task.Delay(10);
        }

        using var answer = await http.GetAsync(new Uri(watchAt, "/relay/bench.mjpeg?length=1"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var late = new List<double>();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var buffer = new List<byte>();
        var chunk = new byte[65536];
        while (clock.Elapsed < TimeSpan.FromSeconds(Seconds))
        {
            buffer.AddRange(chunk.AsSpan(0, await body.ReadAsync(chunk)));
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(buffer);

            // A comment after the start of the picture contains the time of sending. The picture has arrived with its last byte.
            int at;
            while ((at = bytes.IndexOf(Begin)) >= 0 && bytes.Length >= at + picture.Length)
            {
                late.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64BigEndian(bytes[(at + 6)..])).TotalMilliseconds);
                buffer.RemoveRange(0, at + picture.Length);
                bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(buffer);
            }
        }

        var used = Environment.CpuUsage.TotalTime - cpu;
        await end.CancelAsync();
        await camera.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        late.RemoveAt(0);
        late.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {late.Count / (double)Seconds:f1} pictures a second of {picture.Length} bytes, late by {late[late.Count / 2]:f1} ms (p50), {late[late.Count * 99 / 100]:f1} ms (p99), {used.TotalMilliseconds / Seconds:f0} ms of CPU a second in all"));
    }

    private static async Task PublishAsync(HttpClient http, Uri address, string key, byte[] picture, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/relay/bench"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new Camera(picture, cancellationToken);
        using var answer = await http.SendAsync(request, cancellationToken);
    }

    /// <summary>Adds a comment for the time, and another that makes the picture as large as a photograph of 640 × 480.</summary>
    private static byte[] Pad(byte[] jpeg)
    {
        byte[] comment = [0xff, 0xfe, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0];
        var padding = new byte[PictureBytes - jpeg.Length - comment.Length];
        (padding[0], padding[1]) = (0xff, 0xfe);
        BinaryPrimitives.WriteUInt16BigEndian(padding.AsSpan(2), (ushort)(padding.Length - 2));
        return [.. jpeg[..2], .. comment, .. padding, .. jpeg[2..]];
    }

    private sealed class Camera(byte[] picture, CancellationToken end) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
            await stream.WriteAsync("--bench\r\n"u8.ToArray(), end);
            while (await beat.WaitForNextTickAsync(end))
            {
                BinaryPrimitives.WriteInt64BigEndian(picture.AsSpan(6), Stopwatch.GetTimestamp());
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"Content-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"), end);
                await stream.WriteAsync(picture, end);
                await stream.WriteAsync("\r\n--bench\r\n"u8.ToArray(), end);
                await stream.FlushAsync(end);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
