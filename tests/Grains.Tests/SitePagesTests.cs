using Counter.Counting.Totals;
using Counter.Grains.Pages;
using Counter.Grains.Sites;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>The sum of a site, whatever order the answers of its pages come in.</summary>
public sealed class SitePagesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SitePages pages = new("example.com", new Tally(Now));

    [Fact]
    public void A_late_answer_is_ignored()
    {
        pages.Apply(Status(version: 10, viewers: 3, arrivals: 3));
        pages.Apply(Status(version: 20, viewers: 1, arrivals: 4));
        pages.Apply(Status(version: 11, viewers: 2, arrivals: 3));
        pages.Apply(Status(version: 21, viewers: 2, arrivals: 5));
        pages.Settle(Now);
        Assert.Equal((2, 5L), (pages.Tally.Viewers, pages.Tally.Arrivals));
        Assert.Equal("/", Assert.Single(pages.Viewed).Path);
    }

    [Fact]
    public void Arrivals_reported_again_after_a_killed_silo_count_once()
    {
        pages.Apply(Status(version: 10, viewers: 90, arrivals: 100));
        pages.Apply(Status(version: 20, viewers: 0, arrivals: 0) with { Since = null });
        pages.Apply(Status(version: 21, viewers: 40, arrivals: 60));
        pages.Apply(Status(version: 22, viewers: 90, arrivals: 100));
        pages.Settle(Now);
        Assert.Equal((90, 100L), (pages.Tally.Viewers, pages.Tally.Arrivals));
        pages.Apply(Status(version: 23, viewers: 91, arrivals: 101));
        pages.Settle(Now);
        Assert.Equal((91, 101L, 101L), (pages.Tally.Viewers, pages.Tally.Arrivals, pages.Find("/")!.Arrivals));
    }

    [Fact]
    public void Resetting_a_page_does_not_reset_the_arrivals_of_its_site()
    {
        pages.Apply(Status(version: 10, viewers: 1, arrivals: 100));
        pages.Renew(Status(version: 10, viewers: 1, arrivals: 0));
        pages.Apply(Status(version: 11, viewers: 2, arrivals: 1));
        pages.Settle(Now);
        Assert.Equal((101L, 1L), (pages.Tally.Arrivals, pages.Find("/")!.Arrivals));
    }

    [Fact]
    public void A_page_reset_after_its_silo_was_killed_keeps_its_viewers()
    {
        pages.Apply(Status(version: 10, viewers: 3, arrivals: 100));
        pages.Renew(Status(version: 0, viewers: 0, arrivals: 0));
        pages.Settle(Now);
        Assert.Equal((3, 0L), (pages.Tally.Viewers, pages.Find("/")!.Arrivals));
    }

    private static PageStatus Status(long version, int viewers, long arrivals) => new("/", viewers, Now, arrivals, Now, Now, version, viewers);
}
