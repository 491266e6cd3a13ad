using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>Watchers of a channel are viewers of the page that it is.</summary>
public sealed class WatcherCountTests : RelayTest
{
    [Fact]
    public async Task Watchers_are_counted_while_they_watch()
    {
        await ShowAsync(await PictureAsync(1));
        using (var one = await WatchAsync())
        using (var two = await WatchAsync())
        {
            await Gateway.WaitForCountAsync(Page, 2);
            Assert.Equal(2, Channels.Status("cam")!.Watchers);
        }

        await Gateway.WaitForCountAsync(Page, 0);
        await WaitForAsync(status => status.Watchers == 0, "nobody");
    }

    [Fact]
    public async Task A_number_a_request_with_watch_and_a_still_are_not_counted()
    {
        await ShowAsync(await PictureAsync(1));
        using var number = await Gateway.OpenAsync("/online.png?site=relay&page=/cam", "User-Agent: Mozilla/5.0");
        using var events = await Gateway.OpenAsync("/online/events?site=relay&page=/cam", "User-Agent: Mozilla/5.0");
        using var silent = await WatchAsync("/relay/cam.mjpeg?watch=1");
        using var still = await ViewAsync("/relay/cam.jpg");
        Assert.Equal(0, await Gateway.CountAsync(Page));
        using var watcher = await WatchAsync();
        await Gateway.WaitForCountAsync(Page, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_with_several_channels_counts_on_each(bool overHttp2)
    {
        using var certificate = new Certificate();
        await using var gateway = await RunningGateway.StartAsync(overHttp2 ? certificate.Settings : []);
        using var browser = new Browser(gateway, overHttp2 ? HttpVersion.Version20 : HttpVersion.Version11);
        var pages = Enumerable.Range(1, 5).Select(i => "cam" + i).ToArray();
        var streams = new List<HttpResponseMessage>();
        foreach (var channel in pages)
        {
            await browser.PublishAsync(channel, await browser.PictureAsync());
            streams.Add(await browser.WatchAsync(channel));
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var channel in pages)
        {
            Assert.Equal(1, await browser.CountAsync(channel));
        }

        // A second tab with the same channel: a connection of HTTP/2 is one browser, an address and agent may be two.
        streams.Add(await browser.WatchAsync("cam1"));
        Assert.Equal(overHttp2 ? 1 : 2, await browser.CountAsync("cam1"));
        Assert.Equal(1, await browser.CountAsync("cam2"));
        streams.ForEach(stream => stream.Dispose());
    }
}
