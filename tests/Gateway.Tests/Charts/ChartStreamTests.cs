using System.Text;
using System.Xml.Linq;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Charts;

/// <summary>A chart is a stream like a counter: it counts its viewer, follows the number, and ends with a muted frame.</summary>
public sealed class ChartStreamTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private const string Chart = "/online/chart.svg";
    private const string Vector = "image/svg+xml";

    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync("--Limits:StreamsPerPage=30");

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task The_first_viewer_sees_1_at_once_and_both_see_2()
    {
        using var first = await OpenAsync();
        Assert.Equal("1", Value(await first.ReadFrameAsync(Vector)));
        using var second = await OpenAsync();
        Assert.Equal("2", Value(await second.ReadFrameAsync(Vector)));
        await ReadUntilAsync(first, "2");
        Assert.Equal(2, await gateway.CountAsync(Page));
    }

    [Fact]
    public async Task The_raster_chart_is_a_PNG_of_the_requested_size()
    {
        using var viewer = await ViewAsync(Page, "/online/chart.png?width=320&height=100&scale=2");
        await viewer.ReadPreambleAsync();
        var picture = Frames.PngPicture.Decode(await viewer.ReadFrameAsync());
        Assert.Equal((640, 200), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task Frequent_changes_are_sent_once_a_second_and_the_last_one_always()
    {
        using var first = await OpenAsync();
        await first.ReadFrameAsync(Vector);
        var before = gateway.Clock.GetUtcNow();
        var joined = new List<RawClient>();
        for (var i = 0; i < 25; i++)
        {
            joined.Add(await ViewAsync(Page));
            await gateway.WaitForCountAsync(Page, i + 2);
        }

        var frames = await ReadUntilAsync(first, "26");
        var seconds = (gateway.Clock.GetUtcNow() - before).TotalSeconds;

        // 25 changes, and one frame a second at the most. The clock goes on while bytes are on their way, so no more seconds are no mistake.
        Assert.InRange(frames, 2, (int)seconds + 2);
        Assert.True(seconds >= 2, $"{frames} frames came within {seconds} s.");
        joined.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public async Task A_request_with_watch_is_not_counted()
    {
        using var watcher = await OpenAsync("?watch=1");
        Assert.Contains("no data yet", Encoding.UTF8.GetString(await watcher.ReadFrameAsync(Vector)), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.CountAsync(Page));
        using var viewer = await ViewAsync(Page);
        await ReadUntilAsync(watcher, "1");
    }

    [Fact]
    public async Task A_counter_and_charts_on_one_page_are_one_view()
    {
        using var counter = await ViewAsync(Page, agent: "me");
        using var chart = await ViewAsync(Page, Chart, agent: "me");
        using var other = await ViewAsync(Page, Chart + "?range=30d", agent: "me");
        await chart.ReadPreambleAsync(Vector);
        Assert.Equal("1", Value(await NextAsync(chart)));
        Assert.Equal((3, 1, 0, 0), await gateway.ExplainAsync(Page));
    }

    [Fact]
    public async Task A_chart_can_show_the_whole_site()
    {
        using var elsewhere = await ViewAsync("http://example.com/b");
        using var viewer = await OpenAsync("?count=site");
        await ReadUntilAsync(viewer, "2");
    }

    [Fact]
    public async Task A_chart_is_redrawn_as_time_passes()
    {
        using var viewer = await OpenAsync();
        var frame = await viewer.ReadFrameAsync(Vector);
        var began = gateway.Clock.GetUtcNow();
        byte[] next;
        do
        {
            next = await NextAsync(viewer);
        }
        while (next.AsSpan().SequenceEqual(frame));

        Assert.InRange((gateway.Clock.GetUtcNow() - began).TotalSeconds, 10, 17);
        Assert.Equal("1", Value(next));
    }

    [Fact]
    public async Task A_frame_sent_each_second_is_drawn_again_only_with_new_history()
    {
        using var viewer = await gateway.OpenAsync(
            Chart + "?own=1", "Referer: " + Page, "User-Agent: Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0", "Sec-Fetch-Dest: image");
        await viewer.ReadPreambleAsync(Vector);
        await viewer.ReadFrameAsync(Vector);
        var began = gateway.Clock.GetUtcNow();
        var frames = new List<string>();
        while (gateway.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(25))
        {
            frames.Add(Encoding.UTF8.GetString(await NextAsync(viewer)));
        }

        Assert.InRange(frames.Count, 18, 30);
        Assert.InRange(frames.Distinct().Count(), 2, 5);
    }

    [Fact]
    public async Task Firefox_is_redirected_to_a_unique_address()
    {
        using var viewer = await gateway.OpenAsync(
            Chart + "?range=24h", "Referer: " + Page, "User-Agent: Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0", "Sec-Fetch-Dest: image");
        Assert.Equal(302, viewer.Status);
        Assert.Contains("Location: /online/chart.svg?range=24h&own=", viewer.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_a_limit_the_answer_is_one_picture()
    {
        var viewers = new List<RawClient>();
        for (var i = 0; i < 30; i++)
        {
            viewers.Add(await ViewAsync(Page));
        }

        await gateway.WaitForCountAsync(Page, 30);
        using var late = await ViewAsync(Page, Chart);
        Assert.Equal(200, late.Status);
        Assert.Contains("Content-Type: image/svg+xml\r\n", late.Head, StringComparison.Ordinal);
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public async Task When_the_gateway_stops_the_last_frame_is_marked_as_not_live()
    {
        using var viewer = await OpenAsync();
        await viewer.ReadFrameAsync(Vector);
        await gateway.StopAsync();
        var rest = Encoding.UTF8.GetString(await viewer.ReadToEndAsync());
        Assert.EndsWith("--counter-frame--\r\n", rest, StringComparison.Ordinal);
        Assert.Contains(">~1</text>", rest, StringComparison.Ordinal);
    }

    private async Task<RawClient> OpenAsync(string query = "")
    {
        var viewer = await ViewAsync(Page, Chart + query);
        await viewer.ReadPreambleAsync(Vector);
        return viewer;
    }

    /// <summary>Opens an image while time passes: a chart that follows the number may just have had a frame pushed.</summary>
    private Task<RawClient> ViewAsync(string page, string path = "/online.png", string? agent = null) =>
        gateway.AdvanceUntilAsync(gateway.ViewAsync(page, path, agent), "the image to begin");

    private Task<byte[]> NextAsync(RawClient viewer) => gateway.AdvanceUntilAsync(viewer.ReadFrameAsync(Vector), "the next frame");

    /// <summary>Reads frames until one shows a number, and returns how many that were.</summary>
    private async Task<int> ReadUntilAsync(RawClient viewer, string value)
    {
        for (var frames = 1; ; frames++)
        {
            if (Value(await NextAsync(viewer)) == value)
            {
                return frames;
            }
        }
    }

    private static string? Value(byte[] frame)
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(frame)).Root!;
        return root.Descendants(root.Name.Namespace + "text").FirstOrDefault(text => text.Attribute("font-size")!.Value == "22")?.Value;
    }
}
