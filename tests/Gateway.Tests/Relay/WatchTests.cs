using System.Net;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>The pictures that watchers of a channel get.</summary>
public sealed class WatchTests() : RelayTest("--Limits:StreamsPerPage=3")
{
    [Fact]
    public async Task Watchers_get_every_picture_and_late_ones_the_last_at_once()
    {
        var pictures = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PictureAsync(i)));
        await ShowAsync(pictures[0]);
        using var early = await WatchAsync();
        using var player = await RawClient.OpenAsync(Gateway.Address, "/relay/cam.mjpeg");
        Assert.Equal(pictures[0], await early.ReadFrameAsync(Jpeg));

        // The head of an answer comes before its stream is one that pictures are pushed to.
        await PlayerReadsAsync(pictures[0]);
        await ShowAsync(pictures[1]);
        Assert.Equal(pictures[1], await early.ReadFrameAsync(Jpeg));
        using var late = await WatchAsync();
        Assert.Equal(pictures[1], await late.ReadFrameAsync(Jpeg));
        foreach (var picture in pictures[2..])
        {
            await ShowAsync(picture);
            Assert.Equal(picture, await early.ReadFrameAsync(Jpeg));
            Assert.Equal(picture, await late.ReadFrameAsync(Jpeg));
        }

        foreach (var picture in pictures[1..])
        {
            await PlayerReadsAsync(picture);
        }

        async Task PlayerReadsAsync(byte[] picture)
        {
            var head = Encoding.ASCII.GetString(await player.ReadBodyUntilAsync("\r\n\r\n")).TrimStart('\r', '\n');
            Assert.Equal($"--counter-frame\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n", head);
            var body = await player.ReadBodyUntilAsync(Encoding.Latin1.GetString(picture) + "\r\n");
            Assert.Equal(picture.Length + 2, body.Length);
        }
    }

    [Fact]
    public async Task Chromium_gets_a_large_picture_compressed_and_again_as_a_probe()
    {
        var picture = await LargePictureAsync();
        await ShowAsync(picture);
        using var chromium = await ChromiumViewer.OpenAsync(Gateway, "/relay/cam.mjpeg?watch=1");
        await chromium.ReadFrameAsync("image/png");
        Assert.Equal(picture, await chromium.ReadFrameAsync("image/png"));
        Assert.True(Channels.TryFind("cam", out var channel));
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = Assert.Single(channel.Broadcast.All());
        watcher.Stream.Probe(written.SetResult);
        var probe = await chromium.ReadFrameAsync("image/png");
        Assert.Equal(picture, probe[..picture.Length]);
        Assert.Equal(picture.Length + 1_040_000, probe.Length);
        await written.Task.WaitAsync(TestContext.Current.CancellationToken);
        await ShowAsync(await PictureAsync(1, "png"));
        Assert.Equal(await PictureAsync(1, "png"), await chromium.ReadFrameAsync("image/png"));
    }

    /// <summary>A sound picture of 200 kB that no compressor makes smaller.</summary>
    private async Task<byte[]> LargePictureAsync()
    {
        var small = await PictureAsync(3, "png");
        using var picture = new MemoryStream();
        var end = small.Length - 12;
        picture.Write(small.AsSpan(0, end));
        PngChunk.Write(picture, "prVt"u8, RandomNumberGenerator.GetBytes(200_000));
        picture.Write(small.AsSpan(end));
        return picture.ToArray();
    }

    [Fact]
    public async Task An_unchanged_picture_is_sent_again_only_after_a_while()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        using var watcher = await WatchAsync();
        Assert.Equal(picture, await watcher.ReadFrameAsync(Jpeg));
        await ShowAsync(picture);
        await ShowAsync(await PictureAsync(2));
        Assert.Equal(await PictureAsync(2), await watcher.ReadFrameAsync(Jpeg));
        var again = watcher.ReadFrameAsync(Jpeg);
        var began = Gateway.Clock.GetUtcNow();
        await Gateway.AdvanceUntilAsync(() => again.IsCompleted, "the same picture again");
        Assert.Equal(await PictureAsync(2), await again);
        Assert.InRange((Gateway.Clock.GetUtcNow() - began).TotalSeconds, 14, 20);
    }

    [Theory]
    [InlineData("Lavf/59.27.100", "", true)]
    [InlineData("Lavf/59.27.100", "?all=0", false)]
    [InlineData("Mozilla/5.0", "", false)]
    [InlineData("Mozilla/5.0", "?all=1", true)]
    public async Task Players_get_every_picture_and_browsers_only_changed_ones(string agent, string query, bool all)
    {
        var (still, next) = (await PictureAsync(1), await PictureAsync(2));
        await ShowAsync(still);
        using var watcher = await Gateway.OpenAsync("/relay/cam.mjpeg" + query, "User-Agent: " + agent);
        var isPlayer = agent.StartsWith("Lavf", StringComparison.Ordinal);
        if (!isPlayer)
        {
            await watcher.ReadPreambleAsync(Jpeg);
        }

        Assert.Equal(still, await ReadAsync());
        for (var i = 0; i < 3; i++)
        {
            await ShowAsync(still);
            if (all)
            {
                Assert.Equal(still, await ReadAsync());
            }
        }

        await ShowAsync(next);
        Assert.Equal(next, await ReadAsync());
        Assert.Equal(5, Channels.Status("cam")!.Frames);

        Task<byte[]> ReadAsync() => isPlayer ? watcher.ReadPartAsync() : watcher.ReadFrameAsync(Jpeg);
    }

    [Fact]
    public async Task A_player_gets_no_notice_before_the_first_picture()
    {
        Decided = new();
        using var player = await RawClient.OpenAsync(Gateway.Address, "/relay/cam.mjpeg", "User-Agent: Lavf/59.27.100");
        Assert.Equal(200, player.Status);
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        Assert.Equal(picture, await player.ReadPartAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_origins_may_read_pictures_if_the_channel_allows_it(bool allowed)
    {
        Decided = new() { AnyOrigin = allowed };
        await ShowAsync(await PictureAsync(1));
        using var stream = await ViewAsync();
        using var still = await Gateway.Http.GetAsync("/relay/cam.jpg");
        Assert.Equal(allowed, stream.Head.Contains("Access-Control-Allow-Origin: *", StringComparison.Ordinal));
        Assert.Equal(allowed, still.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_a_stream_the_answer_is_the_last_picture()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        foreach (var request in new[]
        {
            "GET /relay/cam.mjpeg HTTP/1.0\r\n\r\n",
            "GET /relay/cam.mjpeg?live=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /relay/cam.mjpeg HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: github-camo\r\n\r\n",
            "GET /relay/cam.mjpeg HTTP/1.1\r\nHost: x\r\nConnection: close\r\nSec-Purpose: prefetch\r\n\r\n",
        })
        {
            using var client = await RawClient.SendAsync(Gateway.Address, request);
            Assert.Contains("Content-Type: image/jpeg\r\n", client.Head, StringComparison.Ordinal);
            Assert.Equal(picture, await client.ReadToEndAsync());
        }

        using var head = await RawClient.SendAsync(Gateway.Address, "HEAD /relay/cam.mjpeg HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains($"Content-Length: {picture.Length}\r\n", head.Head, StringComparison.Ordinal);
        Assert.Empty(await head.ReadToEndAsync());
        Assert.Equal(0, Channels.Status("cam")!.Watchers);
    }

    [Fact]
    public async Task Over_a_limit_a_watcher_gets_the_last_picture()
    {
        await ShowAsync(await PictureAsync(1));
        using var one = await WatchAsync();
        using var two = await WatchAsync();
        using var three = await WatchAsync();
        using var four = await ViewAsync();
        Assert.Contains("Content-Type: image/jpeg\r\n", four.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_tab_of_Firefox_is_redirected_to_a_unique_address()
    {
        await ShowAsync(await PictureAsync(1));
        using var tab = await RawClient.OpenAsync(
            Gateway.Address, "/relay/cam.mjpeg?x=1", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0");
        Assert.Equal(302, tab.Status);
        Assert.Matches(@"\r\nLocation: /relay/cam\.mjpeg\?x=1&own=[0-9a-f]{12}\r\n", tab.Head);
    }

    [Theory]
    [InlineData("/relay/unknown.mjpeg")]
    [InlineData("/relay/unknown.jpg")]
    [InlineData("/relay/UPPER.mjpeg")]
    [InlineData("/relay/..%2fcam.mjpeg")]
    [InlineData("/relay/%0d%0aX-Injected:1.jpg")]
    [InlineData("/relay/%F0%9F%93%B7.jpg")]
    public async Task An_unknown_channel_is_refused_with_a_picture_or_a_sentence(string path)
    {
        await ShowAsync(await PictureAsync(1));
        using var shown = await ViewAsync(path);
        Assert.Equal(404, shown.Status);
        Assert.Contains("Content-Type: image/png\r\n", shown.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Injected", shown.Head, StringComparison.Ordinal);
        using var answer = await Gateway.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Single(Channels.All);
    }

    [Fact]
    public async Task A_channel_without_a_picture_shows_a_notice()
    {
        Decided = new();
        using var watcher = await WatchAsync();
        var notice = await watcher.ReadFrameAsync(Jpeg);
        Assert.True(Counter.Gateway.Relay.Pictures.Picture.TryRead(notice, out var known, out _));
        Assert.Equal(new Counter.Gateway.Frames.FrameSize(640, 480), known.Size);
        Assert.Equal((0L, 0, 1), Channels.Status("cam") is { } s ? (s.Frames, s.Width, s.Watchers) : default);
        await ShowAsync(await PictureAsync(1));
        Assert.Equal(await PictureAsync(1), await watcher.ReadFrameAsync(Jpeg));
    }

    [Fact]
    public async Task When_publishing_ends_a_notice_of_the_same_size_is_shown()
    {
        Decided = new() { Notice = "The camera is switched off.", NoticeAfterSeconds = 30 };
        var picture = await PictureAsync(1);
        using var camera = await Camera.OpenAsync(Gateway, "cam");
        await camera.SendFrameAsync(picture);
        await WaitForAsync(status => status.Frames == 1, "the picture");
        using var watcher = await WatchAsync();
        Assert.Equal(picture, await watcher.ReadFrameAsync(Jpeg));
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(40));
        while (Channels.Status("cam")!.Publishing)
        {
            Assert.Equal(204, await camera.EndAsync());
        }

        var left = Gateway.Clock.GetUtcNow();
        byte[] shown;
        do
        {
            // The picture itself comes again every 15 s.
            var next = watcher.ReadFrameAsync(Jpeg);
            await Gateway.AdvanceUntilAsync(() => next.IsCompleted, "the next frame");
            shown = await next;
        }
        while (shown.AsSpan().SequenceEqual(picture));

        Assert.InRange((Gateway.Clock.GetUtcNow() - left).TotalSeconds, 29, 45);
        Assert.True(Counter.Gateway.Relay.Pictures.Picture.TryRead(shown, out var notice, out _));
        var status = Channels.Status("cam")!;
        Assert.Equal((status.Width, status.Height), (notice.Size.Width, notice.Size.Height));
        Assert.Equal(shown, await Gateway.Http.GetByteArrayAsync("/relay/cam.jpg"));

        // The very picture that was there before is shown again.
        await ShowAsync(picture);
        var again = watcher.ReadFrameAsync(Jpeg);
        await Gateway.AdvanceUntilAsync(() => again.IsCompleted, "the picture");
        Assert.Equal(picture, await again);
    }

    [Fact]
    public async Task Removing_a_channel_ends_its_watchers_properly()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        using var watcher = await WatchAsync();
        Assert.Equal(picture, await watcher.ReadFrameAsync(Jpeg));
        Assert.True(Channels.Remove("cam"));
        Assert.False(Channels.Remove("cam"));
        var rest = await watcher.ReadToEndAsync();
        Assert.Equal([.. picture, .. Encoding.ASCII.GetBytes("\r\n--counter-frame--\r\n")], rest);
    }

    [Fact]
    public async Task Shutdown_sends_watchers_the_last_picture_and_a_proper_end()
    {
        var picture = await PictureAsync(1);
        await ShowAsync(picture);
        using var watcher = await WatchAsync();
        Assert.Equal(picture, await watcher.ReadFrameAsync(Jpeg));
        var stopping = Gateway.StopAsync();
        var rest = await watcher.ReadToEndAsync();
        Assert.Equal([.. picture, .. Encoding.ASCII.GetBytes("\r\n--counter-frame--\r\n")], rest);
        await stopping;
    }
}
