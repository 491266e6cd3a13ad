using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Cluster;

public sealed class ShownTests
{
    [Fact]
    public async Task What_is_shown_is_listed_anew_when_somebody_looks_at_another_number_and_now_and_then()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var feeds = gateway.App.Services.GetRequiredService<Feeds>();
        var shown = new Shown(feeds, gateway.Clock);
        Assert.Empty(shown.List());
        using var first = await gateway.LookAsync("http://example.com/a");

        // The frame is there before it is known that it is the first.
        await Wait.UntilAsync(() => shown.List().Length == 1, "the page to be listed");
        var one = shown.List();
        Assert.Equal([CountKey.ForPage(new PageKey("example.com", "/a"))], one);

        // Another who looks at the same is nothing new.
        using var again = await gateway.LookAsync("http://example.com/a");
        Assert.Same(one, shown.List());
        using var second = await gateway.LookAsync("http://example.com/b");
        await Wait.UntilAsync(() => shown.List().Length == 2, "the other page to be listed");
        Assert.Equal(["/a", "/b"], shown.List().Select(key => key.Path).Order(StringComparer.Ordinal));

        second.Dispose();
        await gateway.AdvanceUntilAsync(() => feeds.All.Count == 1, "the stream to end");
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(one, shown.List());
    }
}
