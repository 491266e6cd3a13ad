using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Counter.Attack.Honest;

/// <summary>Honest viewers with a connection each, every second one over HTTP/2. None of their streams may end.</summary>
internal sealed class ImageStreams(Target gateway) : IAsyncDisposable
{
    private const int AtOnce = 20;
    private const int Pages = 20;

    private static readonly byte[] NextPart = Encoding.ASCII.GetBytes("--counter-frame\r\nContent-Type: image/png\r\n\r\n");

    private readonly CancellationTokenSource over = new();
    private readonly List<Task> open = [];
    private readonly List<string> endings = [];
    private readonly ConcurrentDictionary<int, long> lastFrames = [];
    private long frames;
    private long longest;

    /// <summary>The streams that have ended or were refused.</summary>
    public int Ended
    {
        get
        {
            lock (endings)
            {
                return endings.Count;
            }
        }
    }

    /// <summary>Opens streams and waits until each has its first frame.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellationToken)
    {
        while (open.Count < count)
        {
            var some = Enumerable.Range(open.Count, Math.Min(AtOnce, count - open.Count)).Select(number =>
            {
                var first = new TaskCompletionSource();
                open.Add(WatchAsync(number, first));
                return first.Task;
            }).ToArray();
            await Task.WhenAll(some).WaitAsync(cancellationToken);
        }
    }

    public override string ToString()
    {
        lock (endings)
        {
            var ended = endings.Count == 0 ? "none ended" : $"{endings.Count} ENDED ({string.Join(", ", endings.GroupBy(e => e).Select(e => $"{e.Count()} × {e.Key}"))})";
            var now = Stopwatch.GetTimestamp();
            var silence = Math.Max(Interlocked.Read(ref longest), lastFrames.Values.Select(last => now - last).DefaultIfEmpty().Max()) * 1.0 / Stopwatch.Frequency;
            return string.Create(
                CultureInfo.InvariantCulture, $"{lastFrames.Count} have frames, {ended}; {Interlocked.Read(ref frames)} frames, at most {silence:0.0} s without one");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(open);
        over.Dispose();
    }

    private async Task WatchAsync(int number, TaskCompletionSource first)
    {
        try
        {
            using var http = gateway.Http(number, number % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20);
            http.DefaultRequestHeaders.UserAgent.ParseAdd(FormattableString.Invariant($"Mozilla/5.0 honest/{number}"));
            using var answer = await http.GetAsync(
                FormattableString.Invariant($"/online.png?site=honest.example&page=/{number % Pages}"), HttpCompletionOption.ResponseHeadersRead, over.Token);
            await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(over.Token);
            await ReadAsync(number, body, first);
            End("closed");
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The run has ended.
        }
        catch (Exception e) when (e is IOException or SocketException or HttpRequestException)
        {
            End(e.GetBaseException().Message);
        }
        finally
        {
            first.TrySetResult();
            lastFrames.TryRemove(number, out _);
        }
    }

    private async Task ReadAsync(int number, Stream body, TaskCompletionSource first)
    {
        var buffer = new byte[4096];
        var (kept, parts) = (0, 0);
        for (int length; (length = await body.ReadAsync(buffer.AsMemory(kept), over.Token)) > 0;)
        {
            var (rest, all) = (0, kept + length);
            for (int at; (at = buffer.AsSpan(rest, all - rest).IndexOf(NextPart)) >= 0; rest += at + NextPart.Length)
            {
                // The header of the first part comes before the first frame. Each other header comes after a frame.
                if (parts++ == 0)
                {
                    continue;
                }

                var now = Stopwatch.GetTimestamp();
                Interlocked.Increment(ref frames);
                if (!first.TrySetResult())
                {
                    Raise(ref longest, now - lastFrames[number]);
                }

                lastFrames[number] = now;
            }

            // The rest of a header may be in the next bytes.
            kept = Math.Min(all - rest, NextPart.Length - 1);
            buffer.AsSpan(all - kept, kept).CopyTo(buffer);
        }
    }

    private static void Raise(ref long most, long value)
    {
        for (var known = Volatile.Read(ref most); known < value;)
        {
            var was = Interlocked.CompareExchange(ref most, value, known);
            if (was == known)
            {
                return;
            }

            known = was;
        }
    }

    private void End(string how)
    {
        lock (endings)
        {
            endings.Add(how);
        }
    }
}
