using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Counting.Tests.Cluster;

public sealed class ChangeFeedTests
{
    private readonly ChangeFeed feed = new();

    [Fact]
    public async Task A_slow_subscriber_keeps_only_the_newest_total_of_each_key()
    {
        using var slow = feed.Subscribe();
        for (var version = 1; version <= 10_000; version++)
        {
            feed.Publish(new Total(CountKey.ForSite("a"), version, version));
            feed.Publish(new Total(CountKey.ForSite("b"), version, version));
        }

        Assert.Equal(2, slow.Count);
        var taken = await slow.TakeAsync(TestContext.Current.CancellationToken);
        Assert.Equal([10_000, 10_000], taken.Select(t => t.Viewers));
        Assert.Equal(0, slow.Count);
    }

    [Fact]
    public async Task An_older_total_that_comes_late_does_not_replace_a_newer_one()
    {
        using var reader = feed.Subscribe();
        feed.Publish(new Total(CountKey.ForSite("a"), 2, 2));
        feed.Publish(new Total(CountKey.ForSite("a"), 1, 1));
        Assert.Equal(2, Assert.Single(await reader.TakeAsync(TestContext.Current.CancellationToken)).Version);
    }

    [Fact]
    public async Task Each_subscriber_is_told_until_it_ends()
    {
        using var first = feed.Subscribe();
        var second = feed.Subscribe();
        second.Dispose();
        feed.Publish(new Total(CountKey.ForSite("a"), 1, 1));
        Assert.Single(await first.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, second.Count);
    }

    [Fact]
    public async Task What_is_published_while_a_batch_is_read_comes_with_the_next()
    {
        using var reader = feed.Subscribe();
        feed.Publish(new Total(CountKey.ForSite("a"), 1, 1));
        var batch = await reader.TakeAsync(TestContext.Current.CancellationToken);
        feed.Publish(new Total(CountKey.ForSite("a"), 2, 2));
        Assert.Equal(1, Assert.Single(batch).Version);
        Assert.Equal(2, Assert.Single(await reader.TakeAsync(TestContext.Current.CancellationToken)).Version);
    }
}
