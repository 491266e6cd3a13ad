using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class PageLoadTests : PresenceTest
{
    [Fact]
    public void Two_different_pictures_of_one_page_load_are_one_view()
    {
        var page = Open("/a", Weak, "/online.png");
        var site = Open("/a", Weak, "/online.png?count=site");
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(page);
        Assert.Equal(1, Viewers("/a"));
        Close(site);
        AssertEmpty();
    }

    [Fact]
    public void The_same_picture_twice_is_two_people()
    {
        Open("/a", Weak);
        Open("/a", Weak);
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void A_different_picture_that_comes_later_is_somebody_else()
    {
        Open("/a", Weak, "/online.png");
        Wait(3);
        Open("/a", Weak, "/online.svg");
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void A_load_with_a_name_is_one_view_whenever_its_streams_open_and_nobody_elses()
    {
        var first = Open(new Arrival(Page("/a"), Weak, "/online.png") { Load = "x" });
        Open(new Arrival(Page("/a"), Weak, "/online.svg") { Load = "y" });
        Assert.Equal(2, Viewers("/a"));
        Wait(60);
        Open(new Arrival(Page("/a"), Weak, "/online.png") { Load = "x" });
        Close(first);
        Assert.Equal(2, Viewers("/a"));
    }

    [Fact]
    public void Two_people_who_each_load_two_pictures_are_two()
    {
        var streams = new[] { "/1", "/1", "/2", "/2" }.Select(picture => Open("/a", Weak, picture)).ToArray();
        Assert.Equal(2, Viewers("/a"));
        Close(streams);
        AssertEmpty();
    }

    [Fact]
    public void A_left_page_with_two_pictures_is_one_doubt_and_both_are_nudged()
    {
        var pictures = new[] { Open("/a", Strong, "/1"), Open("/a", Strong, "/2") };
        var current = Open("/b", Strong);
        Assert.Equal((0, 1), (Viewers("/a"), SiteViewers));
        Assert.All(pictures, picture => Assert.Equal(1, picture.Response.Probes));
        Close(pictures[0]);
        Wait(65);
        Assert.Equal((1, 1), (Viewers("/a"), Viewers("/b")));
        Close(pictures[1], current);
        AssertEmpty();
    }
}
