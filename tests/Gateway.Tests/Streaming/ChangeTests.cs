using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>A change of the number reaches every viewer.</summary>
public sealed class ChangeTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task The_first_viewer_sees_1_at_once_and_both_see_2()
    {
        using var first = await gateway.ViewAsync(Page);
        await first.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=1"), await first.ReadFrameAsync());

        gateway.Clock.Advance(Pace);
        using var second = await gateway.ViewAsync(Page);
        await second.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=2"), await second.ReadFrameAsync());
        Assert.Equal(await gateway.PreviewAsync("n=2"), await first.ReadFrameAsync());
    }

    [Fact]
    public async Task A_closed_stream_is_not_counted()
    {
        using var stays = await gateway.ViewAsync(Page);
        await stays.ReadPreambleAsync();
        await stays.ReadFrameAsync();
        using (await gateway.ViewAsync(Page + "?utm_source=mail"))
        {
            await gateway.WaitForCountAsync(Page, 2);
            gateway.Clock.Advance(Pace);
            Assert.Equal(await gateway.PreviewAsync("n=2"), await stays.ReadFrameAsync());
        }

        await gateway.WaitForCountAsync(Page, 1);
        gateway.Clock.Advance(Pace);
        Assert.Equal(await gateway.PreviewAsync("n=1"), await stays.ReadFrameAsync());
    }

    [Fact]
    public async Task Many_openings_at_once_are_sent_as_one_frame()
    {
        const int Joins = 50;
        using var first = await gateway.ViewAsync(Page);
        await first.ReadPreambleAsync();
        await first.ReadFrameAsync();
        var storm = Enumerable.Range(0, Joins)
            .Select(_ => RawClient.ConnectAsync(gateway.Address, $"GET /online.png HTTP/1.1\r\nHost: x\r\nReferer: {Page}\r\nSec-Fetch-Dest: image\r\n\r\n"))
            .ToArray();
        await Task.WhenAll(storm);
        await gateway.WaitForCountAsync(Page, Joins + 1);
        gateway.Clock.Advance(Pace);

        // The next frame of the first viewer is already the final number: nothing was sent in between.
        Assert.Equal(await gateway.PreviewAsync($"n={Joins + 1}"), await first.ReadFrameAsync());
        foreach (var client in storm)
        {
            (await client).Dispose();
        }
    }

    [Theory]
    [InlineData("Lavf/61.7.100")]
    [InlineData("GStreamer souphttpsrc 1.22.0 libsoup/3.2.2")]
    [InlineData("HomeAssistant/2025.3.0 aiohttp/3.11.13 Python/3.13")]
    public async Task A_player_gets_its_picture_again_before_its_timeout(string agent)
    {
        using var player = await gateway.OpenAsync("/online.jpg?site=example.com&page=/a", "User-Agent: " + agent);
        await player.ReadBodyUntilAsync("\r\n\r\n");
        var again = player.ReadBodyUntilAsync("--counter-frame\r\n");
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(4));
        Assert.False(again.IsCompleted);
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(2));
        await gateway.AdvanceUntilAsync(() => again.IsCompleted, "the picture to be sent again");
    }

    [Fact]
    public async Task An_unchanged_number_is_sent_again_after_15_seconds_and_not_before()
    {
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        var frame = await viewer.ReadFrameAsync();

        gateway.Clock.Advance(TimeSpan.FromSeconds(14));
        var next = viewer.ReadFrameAsync();
        await gateway.WaitForCountAsync(Page, 1);
        Assert.False(next.IsCompleted);

        await gateway.AdvanceUntilAsync(() => next.IsCompleted, "the frame to be sent again");
        Assert.Equal(frame, await next);
    }

    [Fact]
    public async Task A_picture_can_show_the_whole_site()
    {
        using var elsewhere = await gateway.ViewAsync("http://www.example.com/b/");
        await gateway.WaitForCountAsync("http://example.com/b", 1);
        using var viewer = await gateway.ViewAsync(Page, "/online.png?count=site");
        await viewer.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=2"), await viewer.ReadFrameAsync());
        Assert.Equal(1, await gateway.CountAsync(Page));
        Assert.Equal(2, await gateway.CountAsync(Page, "&count=site"));
    }

    [Fact]
    public async Task A_request_with_watch_is_not_counted_and_gets_every_change()
    {
        using var watcher = await gateway.ViewAsync(Page, "/online.png?watch=1");
        await watcher.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=0"), await watcher.ReadFrameAsync());
        gateway.Clock.Advance(Pace);
        using var viewer = await gateway.ViewAsync(Page);
        Assert.Equal(await gateway.PreviewAsync("n=1"), await watcher.ReadFrameAsync());
    }

    [Fact]
    public async Task A_viewer_that_reads_nothing_is_dropped()
    {
        // Large frames, so that the buffers between us and a client that never reads fill quickly.
        using var stuck = await RawClient.ConnectAsync(
            gateway.Address,
            $"GET /online.jpg?size=64&scale=3&background=fff HTTP/1.1\r\nHost: x\r\nReferer: {Page}\r\nSec-Fetch-Dest: image\r\n\r\n");
        await gateway.WaitForCountAsync(Page, 1);
        await Wait.UntilAsync(
            async () =>
            {
                gateway.Clock.Advance(TimeSpan.FromSeconds(5));
                return await gateway.CountAsync(Page) == 0;
            },
            "the stuck viewer to be dropped");
    }
}
