using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class SharedAddressTests : PresenceTest
{
    [Fact]
    public void A_class_of_thirty_that_opens_one_page_is_thirty()
    {
        var pupils = Enumerable.Range(0, 30).Select(_ => Open("/a", Weak)).ToArray();
        Assert.Equal((30, 30), (Viewers("/a"), SiteViewers));
        Wait(70);
        Assert.Equal(30, Viewers("/a"));
        Close(pupils);
        AssertEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(29)]
    public void When_one_of_thirty_moves_on_the_others_stay_whichever_stream_it_was(int mover)
    {
        var pupils = Enumerable.Range(0, 30).Select(_ => Open("/a", Weak)).ToArray();
        var moved = Open("/b", Weak);
        Assert.Equal((29, 1, 30), (Viewers("/a"), Viewers("/b"), SiteViewers));
        Wait(60);
        Close(pupils[mover]);
        Assert.Equal((29, 1, 30), (Viewers("/a"), Viewers("/b"), SiteViewers));
        Wait(60);
        Assert.Equal((29, 1, 30), (Viewers("/a"), Viewers("/b"), SiteViewers));
        Close([.. pupils, moved]);
        AssertEmpty();
    }

    [Fact]
    public void Somebody_who_joins_behind_a_shared_address_is_one_more_after_65_seconds()
    {
        Open("/a", Weak);
        Open("/b", Weak);
        Wait(65);
        Assert.Equal((1, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_closes_as_another_opens_is_the_one_that_was_left_and_nobody_elses(bool closesFirst)
    {
        var mover = Open("/a", Weak);
        Open("/b", Weak);
        Wait(65);
        if (closesFirst)
        {
            Close(mover);
        }

        Wait(0.2);
        Open("/c", Weak);
        Wait(0.2);
        Close(mover);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c")));
        Wait(66);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c")));
    }

    [Fact]
    public void Who_is_wrongly_in_doubt_and_moves_on_does_not_put_another_in_doubt()
    {
        Open("/a", Weak);
        Wait(65);
        Open("/b", Weak);
        Wait(65);
        var mover = Open("/c", Weak);
        Wait(65);
        Open("/newcomer", Weak);
        Assert.Equal((0, 3), (Viewers("/c"), SiteViewers));
        Wait(10);
        Close(mover);
        Wait(0.2);
        Open("/d", Weak);
        Assert.Equal((1, 4), (Viewers("/newcomer"), SiteViewers));
    }

    [Fact]
    public void A_reload_does_not_hide_that_its_page_is_left_next()
    {
        var old = Open("/a", Weak);
        Open("/a", Weak);
        Close(old);
        Open("/b", Weak);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void A_page_that_closed_a_while_ago_does_not_excuse_one_that_opens()
    {
        var closed = Open("/a", Weak);
        Open("/b", Weak);
        Wait(65);
        Close(closed);
        Wait(3);
        Open("/c", Weak);
        Assert.Equal((0, 1), (Viewers("/b"), Viewers("/c")));
    }

    [Fact]
    public void Opening_the_same_page_again_supersedes_nothing_with_a_weak_identity()
    {
        var first = Open("/a", Weak);
        Open("/a", Weak);
        Assert.Equal(2, Viewers("/a"));
        Assert.Equal(0, first.Response.Probes);
    }

    [Fact]
    public void Opening_the_same_page_again_supersedes_with_a_strong_identity()
    {
        var first = Open("/a", Strong);
        Wait(5);
        var second = Open("/a", Strong);
        Assert.Equal((1, 1, 1), (Viewers("/a"), first.Response.Probes, Visitors));
        Close(first);
        Assert.Equal(1, Viewers("/a"));
        Close(second);
        AssertEmpty();
    }

    [Fact]
    public void With_a_strong_identity_two_tabs_of_one_page_are_two_after_65_seconds()
    {
        var tabs = new[] { Open("/a", Strong), Open("/a", Strong) };
        Assert.Equal(1, Viewers("/a"));
        Wait(65);
        Assert.Equal((2, 1), (Viewers("/a"), Visitors));
        Close(tabs);
        AssertEmpty();
    }

    [Fact]
    public void Visitors_that_differ_do_not_supersede_each_other()
    {
        Open("/a", Weak);
        Open("/b", Weak with { Id = 2 });
        Open("/c", Strong);
        Open("/d", Weak with { Kind = IdentityKind.None });
        Assert.Equal((1, 1, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/c"), Viewers("/d")));
        Assert.Equal(4, Visitors);
    }

    [Fact]
    public void A_doubtful_page_of_one_person_is_explained()
    {
        Open("/a", Weak);
        Open("/a", Weak);
        Open("/b", Weak);
        Assert.Equal(new PagePresence(2, 1, 1), Decides.Explain(Page("/a")));
        Assert.Equal(new PagePresence(1, 1, 0), Decides.Explain(Page("/b")));
        Assert.Equal(new PagePresence(0, 0, 0), Decides.Explain(Page("/c")));
    }
}
