using System.Text;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>A browser keeps a left page's stream open; over HTTP/1.1, identified by address and agent.</summary>
public sealed class LeftPageTests : IAsyncLifetime
{
    private const string A = "http://example.com/a";
    private const string B = "http://example.com/b";
    private const string Ada = "Chrome/156.0 Ada";

    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Opening_another_page_ends_the_count_of_the_first_at_once()
    {
        using var left = await ReadAsync(A, Ada);
        Assert.Equal(1, await gateway.CountAsync(A));
        using var current = await ReadAsync(B, Ada);
        Assert.Equal((0, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal((1, 1), await SiteAsync());
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync(A));
        Assert.Equal((1, 1, 0, 0), await gateway.ExplainAsync(B));
    }

    [Fact]
    public async Task Different_agents_behind_one_address_are_different_visitors()
    {
        using var ada = await ReadAsync(A, Ada);
        using var ben = await ReadAsync(B, "Firefox/153.0 Ben");
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal((2, 2), await SiteAsync());
    }

    [Fact]
    public async Task With_a_weak_identity_the_same_page_twice_is_two_viewers()
    {
        using var first = await ReadAsync(A, Ada);
        using var second = await ReadAsync(A, Ada);
        Assert.Equal(2, await gateway.CountAsync(A));
        Assert.Equal((2, 1), await SiteAsync());
    }

    [Fact]
    public async Task The_same_picture_in_a_frame_and_beside_it_is_one_viewer()
    {
        using var beside = await gateway.ViewAsync(A, "/online.png", Ada);
        using var framed = await gateway.OpenAsync("/online.png?site=example.com&page=/a&visit=1", "User-Agent: Mozilla/5.0 " + Ada, "Sec-Fetch-Dest: image");
        await beside.ReadPreambleAsync();
        await framed.ReadPreambleAsync();
        Assert.Equal((2, 1, 0, 0), await gateway.ExplainAsync(A));
    }

    [Fact]
    public async Task Opening_a_page_of_another_site_ends_no_count()
    {
        using var here = await ReadAsync(A, Ada);
        using var elsewhere = await ReadAsync("http://elsewhere.example/", Ada);
        Assert.Equal((1, 1), (await gateway.CountAsync(A), await gateway.CountAsync("http://elsewhere.example/")));
    }

    [Fact]
    public async Task A_page_still_open_after_65_seconds_counts_again()
    {
        using var first = await ReadAsync(A, Ada);
        using var second = await ReadAsync(B, Ada);
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(64));
        Assert.Equal(0, await gateway.CountAsync(A));
        await gateway.AdvanceUntilCountAsync(A, 1, within: TimeSpan.FromSeconds(2));
        Assert.Equal((2, 1), await SiteAsync());
    }

    [Fact]
    public async Task Closing_a_page_restores_the_count_of_the_earlier_one()
    {
        using var first = await ReadAsync(A, Ada);
        using (await ReadAsync(B, Ada))
        {
            Assert.Equal(0, await gateway.CountAsync(A));
        }

        await gateway.WaitForCountAsync(B, 0);
        await gateway.AdvanceUntilCountAsync(A, 1, within: TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_suspected_page_in_Chromium_is_probed_soon_and_counts_again_if_it_stays_open()
    {
        using var left = await ChromiumViewer.OpenAsync(gateway, "/online.png?site=example.com&page=/a&count=site");
        Assert.Equal(1024, (await left.ReadFrameAsync("image/png")).Length);
        var one = await left.ReadFrameAsync("image/png");
        using var current = await ChromiumViewer.OpenAsync(gateway, "/online.png?site=example.com&page=/b&count=site");
        Assert.Equal((0, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync(A));

        // The site's number does not change when one of its readers goes to another page, so this is the probe.
        var probe = left.ReadFrameAsync("image/png");
        await gateway.AdvanceUntilAsync(() => probe.IsCompleted, "the probe");
        Assert.Equal(one, (await probe)[..one.Length]);
        Assert.Equal(one.Length + 1_040_000, (await probe).Length);
        await gateway.AdvanceUntilCountAsync(A, 1, within: TimeSpan.FromSeconds(4));
        Assert.Equal((2, 1), await SiteAsync());
    }

    [Fact]
    public async Task A_prerendered_page_counts_when_the_earlier_page_closes()
    {
        using (await ChromiumViewer.OpenAsync(gateway, "/online.png?site=example.com&page=/a"))
        {
            using var ahead = await ChromiumViewer.OpenAsync(
                gateway, "/online.png?site=example.com&page=/b", null, ("Sec-Purpose", "prefetch;prerender"));
            Assert.Equal((1, 0), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
            await gateway.AdvanceForAsync(TimeSpan.FromSeconds(20));
            Assert.Equal((1, 0), (await gateway.CountAsync(A), await gateway.CountAsync(B)));
        }

        using var shown = await ChromiumViewer.OpenAsync(
            gateway, "/online.png?site=example.com&page=/b", null, ("Sec-Purpose", "prefetch;prerender"));
        await gateway.WaitForCountAsync(A, 0);
        await gateway.AdvanceUntilCountAsync(B, 1, within: TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task The_fifth_connection_of_a_browser_ends_its_oldest_suspected_page_properly()
    {
        var zero = await gateway.PreviewAsync("n=0&stale=1");
        using var first = await ReadAsync("http://example.com/1", Ada);
        using var second = await ReadAsync("http://example.com/2", Ada);
        using var third = await ReadAsync("http://example.com/3", Ada);
        using var fourth = await ReadAsync("http://example.com/4", Ada);
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync("http://example.com/1"));
        using var fifth = await ReadAsync("http://example.com/5", Ada);
        var body = await first.ReadToEndAsync();
        Assert.True(body.AsSpan().EndsWith([.. zero, .. "\r\n--counter-frame--\r\n"u8]), Encoding.Latin1.GetString(body));
        await Wait.UntilAsync(async () => await gateway.ExplainAsync("http://example.com/1") == (0, 0, 0, 0), "the first stream to be gone");
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync("http://example.com/2"));
        Assert.Equal((1, 1), await SiteAsync());

        // The connection itself is free for the next page.
        await first.AskAgainAsync("GET /health/live HTTP/1.1\r\nHost: counter\r\n\r\n");
        Assert.Equal(200, first.Status);
    }

    [Fact]
    public async Task Connections_of_different_browsers_do_not_end_each_other()
    {
        using var first = await ReadAsync("http://example.com/1", "Ada");
        using var second = await ReadAsync("http://example.com/2", "Ada");
        using var third = await ReadAsync("http://example.com/3", "Ben");
        using var fourth = await ReadAsync("http://example.com/4", "Ben");
        using var fifth = await ReadAsync("http://example.com/5", "Ben");
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync("http://example.com/1"));
        Assert.Equal((1, 0, 1, 0), await gateway.ExplainAsync("http://example.com/3"));
    }

    private async Task<RawClient> ReadAsync(string page, string agent)
    {
        var viewer = await gateway.ViewAsync(page, agent: agent);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        return viewer;
    }

    private async Task<(int Viewers, int Visitors)> SiteAsync()
    {
        using var json = JsonDocument.Parse(await gateway.Http.GetStringAsync("/online.json?site=example.com&page=/"));
        return (json.RootElement.GetProperty("siteViewers").GetInt32(), json.RootElement.GetProperty("siteVisitors").GetInt32());
    }
}
