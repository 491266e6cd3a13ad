using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class SharedAddressTests : PresenceTest
{
    [Fact]
    public void Thirty_visitors_of_an_address_who_open_one_page_are_thirty()
    {
        var pupils = Enumerable.Range(0, 30).Select(_ => Open("/a", Weak)).ToArray();
        Assert.Equal((30, 30), (Viewers("/a"), SiteViewers));
        Wait(70);
        Assert.Equal(30, Viewers("/a"));
        Close(pupils);
        AssertEmpty();
    }

    [Fact]
    public void Thirty_visitors_of_an_address_who_change_pages_are_thirty_give_or_take_one()
    {
        var pupils = Enumerable.Range(0, 30).Select(_ => Open("/0", Weak)).ToArray();
        var random = new Random(1);
        for (var i = 1; i <= 200; i++)
        {
            // The left page is kept until it is probed, whoever else's are probed before.
            var mover = random.Next(30);
            var left = pupils[mover];
            left.Response.Probed = () => Close(left);
            pupils[mover] = Open($"/{i % 7}", Weak);
            Assert.InRange(SiteViewers, 29, 31);
            Wait(16);
            Assert.Equal(30, SiteViewers);
        }

        Close(pupils);
        AssertEmpty();
    }

    [Fact]
    public void An_opening_suspects_the_newest_other_view_and_probes_all_candidates()
    {
        var others = Enumerable.Range(0, 5).Select(i => Open($"/{i}", Weak)).ToArray();
        Wait(10);
        Assert.Equal(5, SiteViewers);
        var before = others.Select(other => other.Response.Probes).ToArray();
        Open("/new", Weak);
        Assert.Equal((5, 0, 1), (SiteViewers, Viewers("/4"), Viewers("/0")));
        Wait(0.5);
        Assert.All(others.Index(), other => Assert.Equal(before[other.Index] + 1, other.Item.Response.Probes));
    }

    [Fact]
    public void A_suspected_view_counts_again_when_another_one_closes()
    {
        var left = Open("/a", Weak);
        Wait(10);
        Open("/b", Weak);
        Wait(10);
        Open("/c", Weak);
        Assert.Equal((1, 0, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c")));
        Wait(0.1);
        Close(left);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c")));
    }

    [Fact]
    public void With_too_many_views_at_an_address_none_is_suspected_and_the_longest_unprobed_are_probed()
    {
        var others = Enumerable.Range(0, 20).Select(i => Open($"/{i}", Weak)).ToArray();
        Wait(10);
        var before = others.Select(other => other.Response.Probes).ToArray();
        var first = Open("/new", Weak);
        var second = Open("/newer", Weak);
        Wait(0.5);
        Assert.Equal(22, SiteViewers);
        Assert.Equal(16, others.Append(first).Append(second).Sum(other => other.Response.Probes) - before.Sum());
        Assert.All(others.Index(), other => Assert.InRange(other.Item.Response.Probes - before[other.Index], 0, 1));
    }

    [Fact]
    public void With_a_weak_identity_the_same_page_again_raises_no_suspicion()
    {
        var first = Open("/a", Weak);
        Open("/a", Weak);
        Assert.Equal(2, Viewers("/a"));
        Assert.Equal(0, first.Response.Probes);
    }

    [Fact]
    public void With_a_strong_identity_the_same_page_again_suspects_the_first()
    {
        var first = Open("/a", Strong);
        Wait(20);
        var second = Open("/a", Strong);
        Assert.Equal((1, 1), (Viewers("/a"), Visitors));
        Close(first);
        Assert.Equal(1, Viewers("/a"));
        Close(second);
        AssertEmpty();
    }

    [Fact]
    public void With_a_strong_identity_two_tabs_of_one_page_are_two_after_3_seconds()
    {
        var tabs = new[] { Open("/a", Strong), Open("/a", Strong) };
        Assert.Equal(1, Viewers("/a"));
        Wait(3.6);
        Assert.Equal((2, 1), (Viewers("/a"), Visitors));
        Close(tabs);
        AssertEmpty();
    }

    [Fact]
    public void An_opening_suspects_no_view_of_another_visitor()
    {
        Open("/a", Weak);
        Open("/b", Weak with { Id = 2 });
        Open("/c", Strong);
        Open("/d", Weak with { Kind = IdentityKind.None });
        Assert.Equal((1, 1, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c"), Viewers("/d")));
        Assert.Equal(4, Visitors);
    }

    [Fact]
    public void A_suspected_page_is_explained()
    {
        Open("/a", Weak);
        Open("/a", Weak);
        Open("/b", Weak);
        Assert.Equal(new PageStreamCounts(2, 1, 1), Explain("/a"));
        Assert.Equal(new PageStreamCounts(1, 1, 0), Explain("/b"));
        Assert.Equal(new PageStreamCounts(0, 0, 0), Explain("/c"));
    }
}
