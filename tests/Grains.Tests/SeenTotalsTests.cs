using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Engine;
using Counter.Grains.Messages;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>What a gateway tells new activations is what it was told until now, and nothing from long ago.</summary>
public sealed class SeenTotalsTests
{
    private const string Site = "a.example";

    private static readonly PageKey First = new(Site, "/1");
    private static readonly PageKey Second = new(Site, "/2");
    private static readonly CountKey OfSite = CountKey.ForSite(Site);

    private readonly SeenTotals seen = new();

    [Fact]
    public void A_site_is_forgotten_with_the_last_page_here_whatever_others_have()
    {
        seen.LearnPage(First, Told(21), hasViewers: true);
        seen.LearnPage(Second, Told(20), hasViewers: true);
        seen.LearnSite(Site, Told(41));
        seen.LearnPage(First, Told(20), hasViewers: true);
        seen.LearnPage(First, Told(20), hasViewers: false);
        seen.LearnSite(Site, Told(40));
        Assert.Equal(new Seen(7, 40, 1), seen.Of(OfSite));
        seen.LearnPage(Second, Told(20), hasViewers: false);
        Assert.Equal(default, seen.Of(OfSite));
        seen.LearnSite(Site, Told(40));
        Assert.Equal(default, seen.Of(OfSite));
        Assert.Equal(default, seen.Of(CountKey.ForPage(First)));
    }

    [Fact]
    public void A_site_that_is_shown_is_remembered_until_it_is_not_shown_any_more()
    {
        seen.LearnShown(OfSite, Told(40));
        seen.LearnPage(First, Told(1), hasViewers: true);
        seen.LearnSite(Site, Told(41));
        seen.LearnPage(First, Told(0), hasViewers: false);
        seen.LearnSite(Site, Told(40));
        seen.Learn(new Total(OfSite, 9, 30));
        Assert.Equal(new Seen(7, 30, 9), seen.Of(OfSite));
        seen.Forget(OfSite);
        Assert.Equal(default, seen.Of(OfSite));
    }

    [Fact]
    public void A_site_that_is_not_shown_any_more_is_remembered_while_there_are_pages_here()
    {
        seen.LearnShown(OfSite, Told(1));
        seen.LearnPage(First, Told(1), hasViewers: true);
        seen.Forget(OfSite);
        Assert.Equal(new Seen(7, 1, 1), seen.Of(OfSite));
        seen.LearnPage(First, Told(0), hasViewers: false);
        Assert.Equal(default, seen.Of(OfSite));
    }

    [Fact]
    public void A_page_without_viewers_here_is_asked_for_while_it_is_shown()
    {
        var page = CountKey.ForPage(First);
        seen.LearnPage(First, Told(2), hasViewers: true);
        Assert.True(seen.Holds(page));
        seen.LearnShown(page, Told(2));
        seen.LearnPage(First, Told(1), hasViewers: false);
        Assert.False(seen.Holds(page));
        Assert.Equal(new Seen(7, 1, 1), seen.Of(page));
        seen.Forget(page);
        Assert.Equal(default, seen.Of(page));
    }

    [Fact]
    public void The_highest_version_is_remembered_whoever_said_it()
    {
        seen.LearnShown(OfSite, new NumberTold(5, 40, 7));
        seen.Learn(new Total(OfSite, 9, 41));
        seen.LearnShown(OfSite, new NumberTold(6, 42, 8));
        Assert.Equal(new Seen(8, 42, 9), seen.Of(OfSite));
    }

    private static NumberTold Told(int viewers) => new(1, viewers, 7);
}
