using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class LeftPageTests : PresenceTest
{
    [Fact]
    public void A_page_that_is_left_for_another_stops_counting_at_once()
    {
        var left = Open("/a", Weak);
        Wait(20);
        Told.Clear();
        var current = Open("/b", Weak);
        Assert.Equal((0, 1, 1, 1), (Viewers("/a"), Viewers("/b"), SiteViewers, Visitors));
        Assert.Equal(["/a", "/b"], Told);
        Wait(60);
        Close(left);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Wait(60);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Close(current);
        AssertEmpty();
    }

    [Fact]
    public void A_reader_of_many_pages_is_on_the_newest()
    {
        var streams = Enumerable.Range(0, 6).Select(i =>
        {
            Wait(2);
            var stream = Open($"/{i}", Weak);
            Assert.Equal((1, 1), (Viewers($"/{i}"), SiteViewers));
            return stream;
        }).ToArray();
        Close(streams);
        AssertEmpty();
    }

    [Fact]
    public void A_left_page_that_is_still_open_after_65_seconds_is_a_second_tab_and_counts()
    {
        var tab = Open("/a", Weak);
        var other = Open("/b", Weak);
        Wait(64);
        Assert.Equal(0, Viewers("/a"));
        Told.Clear();
        Wait(1);
        Assert.Equal((1, 1, 2, 1), (Viewers("/a"), Viewers("/b"), SiteViewers, Visitors));
        Assert.Equal(["/a"], Told);
        Close(tab, other);
        AssertEmpty();
    }

    [Fact]
    public void A_page_in_doubt_counts_again_2_seconds_after_the_page_that_raised_the_doubt_closed()
    {
        var first = Open("/a", Weak);
        var second = Open("/b", Weak);
        Wait(10);
        Close(second);
        Assert.Equal((0, 0), (Viewers("/a"), SiteViewers));
        Wait(1);
        Assert.Equal(0, Viewers("/a"));
        Wait(1);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Wait(100);
        Assert.Equal(1, Viewers("/a"));
        Close(first);
        AssertEmpty();
    }

    [Fact]
    public void A_second_tab_that_showed_two_pages_and_closes_lets_the_first_count_again()
    {
        var first = Open("/a", Weak);
        var second = Open("/b", Weak);
        var third = Open("/c", Weak);
        Wait(5);
        Close(second, third);
        Wait(2);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(first);
        AssertEmpty();
    }

    [Fact]
    public void It_does_not_matter_which_page_of_a_closing_tab_closes_first()
    {
        var first = Open("/a", Weak);
        var second = Open("/b", Weak);
        var third = Open("/c", Weak);
        Wait(5);
        Close(third, second);
        Wait(2);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(first);
        AssertEmpty();
    }

    [Fact]
    public void Pages_that_go_one_after_the_other_leave_the_first_tab_in_doubt_until_the_last_one_goes()
    {
        var first = Open("/a", Weak);
        var second = Open("/b", Weak);
        Wait(1);
        var third = Open("/c", Weak);
        Close(second);
        Wait(10);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/c"), SiteViewers));
        Close(third);
        Wait(2);
        Assert.Equal(1, Viewers("/a"));
        Close(first);
        AssertEmpty();
    }

    [Theory]
    [InlineData(-0.2)]
    [InlineData(0.2)]
    public void A_page_that_the_browser_does_not_keep_does_not_let_one_that_it_keeps_count_again(double closes)
    {
        var kept = Open("/a", Weak);
        var dropped = Open("/b", Weak);
        Wait(3);
        var current = Leave(dropped, "/c", closes);
        Wait(1);
        current = Leave(current, "/d", closes);
        Wait(10);
        Assert.Equal((0, 0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/d"), SiteViewers));

        // The tab closes, and the first was another one after all.
        Close(current);
        Wait(2);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(kept);
        AssertEmpty();
    }

    [Theory]
    [InlineData("/c")]
    [InlineData("/a")]
    public void What_was_put_in_doubt_by_a_page_that_closed_counts_again_when_it_names_its_load_since_no_browser_keeps_it(string next)
    {
        Open(new Arrival(Page("/a"), Weak, "/online.png") { Load = "1" });
        var newcomer = Open(new Arrival(Page("/b"), Weak, "/online.png") { Load = "2" });
        Wait(3);
        Close(newcomer);
        Wait(0.2);
        Open(new Arrival(Page(next), Weak, "/online.png") { Load = "3" });
        Wait(2);
        Assert.Equal((next == "/a" ? 2 : 1, 2), (Viewers("/a"), SiteViewers));
    }

    [Fact]
    public void A_kept_page_that_closes_between_two_others_does_not_let_the_one_before_it_count_again()
    {
        Open("/a", Weak);
        var kept = Open("/b", Weak);
        Wait(10);
        var dropped = Open("/c", Weak);
        Wait(10);
        Close(dropped);
        Wait(0.3);
        Close(kept);
        Wait(0.3);
        Open("/d", Weak);
        Wait(10);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/d"), SiteViewers));
    }

    [Fact]
    public void A_page_that_is_slow_to_come_puts_in_doubt_what_would_have_counted_again_by_then()
    {
        Open("/a", Weak);
        var dropped = Open("/b", Weak);
        Wait(10);
        Close(dropped);
        Clock.Advance(TimeSpan.FromSeconds(2.1));
        Open("/c", Weak);
        Wait(10);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/c"), SiteViewers));
    }

    [Fact]
    public void A_page_that_closes_was_not_left_for_one_that_opened_before_it()
    {
        Open("/a", Weak);
        Wait(10);
        Open("/b", Weak);
        Wait(0.6);
        var dropped = Open("/c", Weak);
        Wait(0.4);
        Leave(dropped, "/d", closes: -0.2);
        Wait(10);
        Assert.Equal((0, 0, 1, 1), (Viewers("/a"), Viewers("/b"), Viewers("/d"), SiteViewers));
    }

    [Fact]
    public void A_page_in_doubt_is_sent_its_frame_at_once_and_after_a_second_and_nobody_else_is()
    {
        var left = Open("/a", Weak);
        Wait(5);
        var current = Open("/b", Weak);
        Assert.Equal((1, 0), (left.Response.Probes, current.Response.Probes));
        Clock.Advance(TimeSpan.FromSeconds(0.9));
        Decides.Tick();
        Assert.Equal(1, left.Response.Probes);
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Decides.Tick();
        Assert.Equal(2, left.Response.Probes);
        Wait(70);
        Assert.Equal((2, 0), (left.Response.Probes, current.Response.Probes));
    }

    [Fact]
    public void A_page_that_closed_on_the_first_nudge_gets_no_second()
    {
        var left = Open("/a", Weak);
        Open("/b", Weak);
        Close(left);
        Wait(2);
        Assert.Equal(1, left.Response.Probes);
    }

    [Fact]
    public void Reloading_twenty_times_ends_with_one_viewer()
    {
        var stream = Open("/a", Weak);
        for (var i = 0; i < 20; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(50));
            var next = Open("/a", Weak);
            Close(stream);
            stream = next;
        }

        Assert.Equal((1, 1, 1), (Viewers("/a"), SiteViewers, Visitors));
        Close(stream);
        AssertEmpty();
    }

    [Fact]
    public void A_killed_browser_closes_everything_in_any_order()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var streams = Enumerable.Range(0, 8).Select(_ =>
            {
                Wait(random.Next(3));
                return Open($"/{random.Next(4)}", random.Next(2) == 0 ? Weak : Strong);
            }).ToArray();
            random.Shuffle(streams);
            Close(streams);
            AssertEmpty();
        }
    }

    [Fact]
    public void Closing_twice_is_harmless()
    {
        var first = Open("/a", Weak);
        var second = Open("/a", Weak);
        Close(first, first);
        Assert.Equal(1, Viewers("/a"));
        Close(second, first, second);
        AssertEmpty();
    }

    /// <summary>Opens a page instead of another, whose stream closes some seconds after that, or before where they are less than 0.</summary>
    private Opened Leave(Opened left, string path, double closes)
    {
        if (closes < 0)
        {
            Close(left);
            Wait(-closes);
            return Open(path, Weak);
        }

        var next = Open(path, Weak);
        Wait(closes);
        Close(left);
        return next;
    }
}
