using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>The distinct visitors of a site.</summary>
public sealed class VisitorsTests
{
    private const string A = "http://example.com/a";
    private const string B = "http://example.com/b";

    [Fact]
    public async Task A_picture_of_visitors_counts_a_browser_with_several_pages_once()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var watcher = await gateway.OpenAsync("/online.png?count=visitors&watch=1&site=example.com&page=/", "User-Agent: Mozilla/5.0");
        await watcher.ReadPreambleAsync();
        Assert.Equal(await gateway.PreviewAsync("n=0"), await watcher.ReadFrameAsync());
        using var first = await gateway.ViewAsync(A, agent: "Ada");
        Assert.Equal(await gateway.PreviewAsync("n=1"), await watcher.ReadFrameAsync());
        using var second = await gateway.ViewAsync(B, agent: "Ada");
        using var third = await gateway.ViewAsync(B, agent: "Ben");
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(await gateway.PreviewAsync("n=2"), await watcher.ReadFrameAsync());
        Assert.Equal(2, await gateway.CountAsync(A, "&count=visitors"));
    }

    [Fact]
    public async Task A_visitor_over_midnight_is_one_visitor_and_leaves_the_earlier_page()
    {
        await using var gateway = await RunningGateway.StartAsync("--Identity:Secret=kept-by-whoever-runs-all-of-these-gateways");
        gateway.Clock.Jump(TimeSpan.FromHours(11) + TimeSpan.FromMinutes(59));
        using var before = await ReadAsync(gateway, A);
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        using var after = await ReadAsync(gateway, B);
        Assert.Equal((0, 1, 1), (await gateway.CountAsync(A), await gateway.CountAsync(B), await gateway.CountAsync(A, "&count=visitors")));
        using var later = await ReadAsync(gateway, A + "/2");
        Assert.Equal((1, 1), (await gateway.CountAsync(A, "&count=site"), await gateway.CountAsync(A, "&count=visitors")));
    }

    private static async Task<RawClient> ReadAsync(RunningGateway gateway, string page)
    {
        var viewer = await gateway.ViewAsync(page, agent: "Ada");
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        return viewer;
    }
}
