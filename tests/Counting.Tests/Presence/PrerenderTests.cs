using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class PrerenderTests : PresenceTest
{
    [Fact]
    public void A_prerendered_page_does_not_count_and_raises_no_suspicion()
    {
        Open("/a", Weak);
        Wait(20);
        var ahead = Prerender("/b");
        Wait(200);
        Assert.Equal((1, 0), (Viewers("/a"), Viewers("/b")));
        Assert.Equal(new PageStreamCounts(1, 0, 0, 1), Explain("/b"));
        Close(ahead);
        Wait(10);
        Assert.Equal(1, SiteViewers);
    }

    [Fact]
    public void It_counts_when_the_earlier_page_closes_which_is_probed_every_3_seconds()
    {
        var before = Open("/a", Weak);
        Wait(20);
        Prerender("/b");
        Wait(10);

        // It is shown: the page before it is left, and closes when it is probed.
        before.Response.Probed = () => Close(before);
        Wait(3.1);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Assert.Equal(1, Network.Reports["/b"].Arrivals);
    }

    [Fact]
    public void The_earlier_page_is_probed_every_3_seconds_for_a_minute_at_most()
    {
        var before = Open("/a", Weak);
        Wait(20);
        var probes = before.Response.Probes;
        Prerender("/b");
        Wait(59);
        Assert.InRange(before.Response.Probes - probes, 19, 21);
        Wait(3.2);
        probes = before.Response.Probes;
        Wait(30);
        Assert.Equal(2, before.Response.Probes - probes);
    }

    [Fact]
    public void Without_an_earlier_page_it_counts_after_10_seconds()
    {
        Prerender("/b");
        Wait(9.9);
        Assert.Equal(0, SiteViewers);
        Wait(0.2);
        Assert.Equal(1, SiteViewers);
    }

    [Fact]
    public void One_that_is_not_shown_does_not_count_when_the_earlier_page_is_left_for_another()
    {
        var before = Open("/a", Weak);
        Wait(20);
        var ahead = Prerender("/b");
        Wait(5);
        Open("/c", Weak);
        Close(before);
        Assert.Equal((0, 1, 1), (Viewers("/b"), Viewers("/c"), SiteViewers));
        Close(ahead);
        Wait(5);
        Assert.Equal(1, SiteViewers);
    }

    [Fact]
    public void Its_pictures_are_one_view()
    {
        Open("/a", Weak);
        Wait(20);
        Prerender("/b", "/1");
        Prerender("/b", "/2");
        Assert.Equal(new PageStreamCounts(2, 0, 0, 1), Explain("/b"));
    }

    [Fact]
    public void No_state_is_left_after_it_closes()
    {
        var streams = new[] { Open("/a", Weak), Prerender("/b"), Prerender("/c", "/2") };
        Close(streams);
        AssertEmpty();
    }

    private Opened Prerender(string path, string picture = "/online.png") =>
        Open(new StreamOrigin(Page(path), Weak, picture) { Settles = SettledBy.Padding, Prerendered = true });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_counts_when_two_viewers_had_the_earlier_page(bool secondPerson)
    {
        // The page before has two pictures; the second person's has loaded one of them so far.
        var a1 = Open("/a", Weak, "/1.png");
        var b1 = Open("/a", Weak, "/2.png");
        var a2 = secondPerson ? Open("/a", Weak, "/1.png") : null;
        Open(new StreamOrigin(Page("/b"), Weak, "/online.png") { Settles = SettledBy.Padding, Prerendered = true });
        Close(a1);
        Close(b1);
        if (a2 is not null)
        {
            Close(a2);
        }

        Wait(120);
        Assert.Equal(1, Viewers("/b"));
    }
}
