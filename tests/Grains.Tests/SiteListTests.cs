using System.Net;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;
using Counter.Grains.Sites;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Which sites there are, whatever order silos and sites say it in.</summary>
public sealed class SiteListTests
{
    private static readonly SiloAddress First = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress Second = SiloAddress.New(IPAddress.Loopback, 2, 1);

    private readonly SiteList sites = new();

    [Fact]
    public void A_site_deleted_during_a_poll_of_silos_does_not_return()
    {
        sites.Add("a", default);
        sites.Add("b", default);
        sites.Ask();
        sites.Remove("a");
        Take((First, 1, [Stand("a", 0), Stand("b", 2)]));
        Assert.Equal(["b"], sites.Names);

        // It comes again afterwards.
        sites.Ask();
        Take((First, 2, [Stand("a", 1)]));
        Assert.Equal(["a", "b"], sites.Names.Order());
    }

    [Fact]
    public void A_site_deleted_and_added_during_a_poll_of_silos_stays()
    {
        sites.Add("a", default);
        sites.Ask();
        sites.Remove("a");
        sites.Add("a", default);
        Take((First, 1, [Stand("a", 3)]));
        Assert.Equal(3, Assert.Single(sites.All).Status.Count.Viewers);
    }

    [Fact]
    public void A_lost_silo_loses_its_viewers_and_is_polled_from_the_start()
    {
        sites.Ask();
        Take((First, 7, [Stand("a", 3)]), (Second, 8, [Stand("b", 4)]));
        Assert.Equal((7L, 8L), (sites.MarkOf(First), sites.MarkOf(Second)));
        sites.Ask();
        sites.Take([], [Second]);
        Assert.Equal([0, 4], sites.All.OrderBy(s => s.Status.Count.Key.Site).Select(s => s.Status.Count.Viewers));
        Assert.Equal((0L, 8L), (sites.MarkOf(First), sites.MarkOf(Second)));
    }

    private static SiteState Stand(string site, int viewers) =>
        new(new SiteStatus(new CountStatus(CountKey.ForSite(site), viewers, viewers, null, viewers, null), 1), viewers > 0 ? 1 : 0, default);

    private void Take(params (SiloAddress Silo, long Mark, SiteState[] Sites)[] answers) =>
        sites.Take(answers.Select(a => (a.Silo, new SiteUpdates(a.Mark, a.Sites))), [First, Second]);
}
