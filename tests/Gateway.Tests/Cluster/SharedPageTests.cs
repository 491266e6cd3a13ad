using Xunit;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>One page at several gateways.</summary>
public sealed class SharedPageTests
{
    private const string A = "https://example.com/a";
    private const string B = "https://example.com/b";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_page_left_for_one_at_another_gateway_stops_counting()
    {
        await using var group = await GatewayGroup.StartAsync(3);
        using var left = await group.ViewAsync(0, A, "one");
        await group.AdvanceUntilCountAsync(A, 1, Soon);
        using var current = await group.ViewAsync(1, B, "one");
        await group.AdvanceUntilCountAsync(B, 1, Soon);
        await group.AdvanceUntilCountAsync(A, 0, Soon);
        Assert.Equal(1, await group[2].CountAsync(A, "&count=site"));
        await group.AdvanceUntilCountAsync(A, 1, TimeSpan.FromSeconds(66));
    }

    [Fact]
    public async Task Each_visitor_of_several_gateways_counts_once_and_the_number_is_pushed()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var watcher = await group[0].OpenAsync("/online/events?site=example.com&count=visitors&watch=1");
        await watcher.ReadBodyUntilAsync("\"viewers\":0");
        using var one = await group.ViewAsync(1, A, "one");
        await group.AdvanceUntilAsync(() => group.Visitors() == 1, "the visitor to be counted");
        group.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await watcher.ReadBodyUntilAsync("\"viewers\":1");
        using var again = await group.ViewAsync(0, B, "one");
        using var two = await group.ViewAsync(0, B, "two");
        await group.AdvanceUntilAsync(() => group.Visitors() == 2, "the second visitor to be counted");
        Assert.Equal(2, group.Visitors());
        Assert.Equal(2, await group[1].CountAsync(A, "&count=visitors"));
    }

    [Fact]
    public async Task Two_pictures_of_one_page_load_at_two_gateways_are_one_viewer()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var first = await group.ViewAsync(0, A, "one", "/online.png");
        using var second = await group.ViewAsync(1, A, "one", "/online.png?count=site");
        await group.AdvanceUntilAsync(() => group.Visitors() == 1, "both to get the change");
        await group.AdvanceUntilCountAsync(A, 1, Soon);
    }

    [Fact]
    public async Task A_gateway_that_stops_is_removed_at_once()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var one = await group.ViewAsync(1, A, "one");
        await group.AdvanceUntilAsync(() => group.Visitors() == 1, "the visitor to be counted");
        var before = group.Clock.GetUtcNow();
        await group[1].StopAsync();
        await group.AdvanceUntilAsync(() => group.Visitors() == 0, "the goodbye");
        Assert.InRange(group.Clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task The_log_has_nothing_about_visitors()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var one = await group.ViewAsync(1, A, "the-agent");
        await group.AdvanceUntilAsync(() => group.Visitors() == 1, "the visitor to be counted");
        await group[1].StopAsync();
        Assert.DoesNotContain(group.Log.Lines, l => l.Text.Contains("the-agent", StringComparison.Ordinal));
    }
}
