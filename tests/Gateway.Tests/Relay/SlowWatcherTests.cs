using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>Watchers that read slowly or not at all.</summary>
public sealed class SlowWatcherTests() : RelayTest("--Relay:MaxFrameBytes=8388608")
{
    [Fact]
    public async Task A_slow_watcher_skips_to_the_newest_picture()
    {
        using var slow = await LookSlowlyAsync();
        for (byte i = 1; i < 8; i++)
        {
            await ShowAsync(await LargeAsync(i));
        }

        var seen = new List<byte>();
        while (seen.Count == 0 || seen[^1] != 7)
        {
            seen.Add(await ReadFrameAsync(slow));
        }

        Assert.Equal(seen.Order(), seen);
        Assert.InRange(seen.Count, 1, 5);
    }

    [Fact]
    public async Task A_watcher_that_reads_slowly_is_kept_and_one_that_reads_nothing_is_dropped()
    {
        using var slow = await LookSlowlyAsync();
        using var stuck = await LookSlowlyAsync();
        await ShowAsync(await LargeAsync(1));
        await WaitForAsync(status => status.Watchers == 2, "both");
        var buffer = new byte[400_000];
        for (var second = 0; second < 16; second++)
        {
            await slow.ReceiveAsync(buffer);
            await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        }

        await WaitForAsync(status => status.Watchers == 1, "the stuck one to be dropped");
    }

    /// <summary>A picture too large for the buffers between the gateway and who does not read.</summary>
    private async Task<byte[]> LargeAsync(byte mark)
    {
        var picture = await PictureAsync(1);

        // A comment (COM) is 65,533 bytes at most; there may be many.
        byte[] comment = [0xFF, 0xFE, 0xFF, 0xFF, .. Enumerable.Repeat(mark, 65_533)];
        return [.. picture[..2], .. Enumerable.Repeat(comment, 80).SelectMany(c => c), .. picture[2..]];
    }

    private async Task<Socket> LookSlowlyAsync()
    {
        await ShowAsync(await LargeAsync(0));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        await socket.ConnectAsync(Gateway.Address.Host, Gateway.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /relay/cam.mjpeg HTTP/1.1\r\nHost: x\r\n\r\n"));
        return socket;
    }

    /// <summary>Reads up to the end of a picture, and returns its mark.</summary>
    private static async Task<byte> ReadFrameAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        byte mark = 255;
        while (true)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var length = await socket.ReceiveAsync(buffer, deadline.Token);
            Assert.NotEqual(0, length);
            var bytes = buffer.AsSpan(0, length);
            mark = bytes.IndexOf((byte[])[0xFF, 0xFE, 0xFF, 0xFF]) is var at and >= 0 && at + 4 < length ? bytes[at + 4] : mark;
            if (mark != 255 && bytes.IndexOf("\r\n--counter-frame"u8) >= 0 || bytes.EndsWith((byte[])[0xFF, 0xD9, 13, 10]))
            {
                return mark;
            }
        }
    }
}
