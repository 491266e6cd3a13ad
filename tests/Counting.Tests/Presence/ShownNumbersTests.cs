using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>The numbers that a gateway shows.</summary>
public sealed class ShownNumbersTests
{
    private const string Site = "example.com";

    private static readonly PageKey Page = new(Site, "/a");
    private static readonly CountKey ArrivalsOfPage = CountKey.ForTotal(CountOf.Arrivals, Site, "/a");
    private static readonly CountKey TodayOfPage = CountKey.ForTotal(CountOf.Today, Site, "/a", "Europe/Paris");
    private static readonly CountKey PeakOfSite = CountKey.ForTotal(CountOf.Peak, Site, "");

    private readonly SiteStreams streams = new("gateway", Site, () => 1, new ManualTimeProvider());

    [Fact]
    public void Those_of_a_page_are_its_own_and_those_of_the_site()
    {
        Assert.Empty(streams.ShownOf(Page));
        CountKey[] its = [CountKey.ForPage(Page), CountKey.ForSite(Site), CountKey.ForVisitors(Site), ArrivalsOfPage, TodayOfPage, PeakOfSite];
        CountKey[] others = [CountKey.ForPage(new(Site, "/b")), CountKey.ForTotal(CountOf.Arrivals, Site, "/b"), CountKey.ForGateway(Site, "gateway")];
        Array.ForEach([.. its, .. others], streams.Show);
        Assert.Equal(its.ToHashSet(), streams.ShownOf(Page).ToHashSet());
        Assert.Equal(its.Length, streams.ShownOf(Page).Count);
    }

    [Fact]
    public void A_hidden_one_is_none_of_them_until_it_is_shown_again()
    {
        CountKey[] its = [CountKey.ForPage(Page), ArrivalsOfPage, TodayOfPage, PeakOfSite];
        Array.ForEach(its, streams.Show);
        streams.Show(ArrivalsOfPage);
        foreach (var key in its)
        {
            streams.Hide(key);
            Assert.Equal(its.Where(other => other != key).ToHashSet(), streams.ShownOf(Page).ToHashSet());
            streams.Show(key);
            Assert.Equal(its.Length, streams.ShownOf(Page).Count);
        }

        Array.ForEach(its, streams.Hide);
        Assert.Empty(streams.ShownOf(Page));
    }
}
