using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class LeftPageTests : PresenceTest
{
    public static TheoryData<SettledBy> Settled { get; } = [SettledBy.Padding, SettledBy.Frame, SettledBy.Itself];

    [Theory]
    [InlineData(SettledBy.Padding)]
    [InlineData(SettledBy.Frame)]
    [InlineData(SettledBy.Itself)]
    [InlineData(SettledBy.Nothing)]
    public void A_page_left_for_another_stops_counting_at_once(SettledBy settles)
    {
        var left = Open("/a", Weak, settles: settles);
        Wait(20);
        Published.Clear();
        var current = Open("/b", Weak, settles: settles);
        Assert.Equal((0, 1, 1, 1), (Viewers("/a"), Viewers("/b"), SiteViewers, Visitors));
        Assert.Equal(["/a", "/b"], Published.Order());
        Wait(0.5);
        Close(left);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Wait(120);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        Close(current);
        AssertEmpty();
    }

    [Fact]
    public void A_reader_of_many_pages_counts_on_the_newest()
    {
        var streams = Enumerable.Range(0, 6).Select(i =>
        {
            Wait(2);
            var stream = Open($"/{i}", Weak, settles: SettledBy.Nothing);
            Assert.Equal((1, 1), (Viewers($"/{i}"), SiteViewers));
            return stream;
        }).ToArray();
        Close(streams);
        AssertEmpty();
    }

    [Theory]
    [MemberData(nameof(Settled))]
    public void A_suspected_view_open_3_seconds_after_its_probe_was_written_counts_as_a_second_tab(SettledBy settles)
    {
        var tab = Open("/a", Weak, settles: settles);
        Wait(20);
        var other = Open("/b", Weak, settles: settles);

        // A padded frame waits for the old page to be left.
        Wait(settles == SettledBy.Padding ? 3.2 : 2.9);
        Assert.Equal(0, Viewers("/a"));
        Published.Clear();
        Wait(0.2);
        Assert.Equal((1, 1, 2, 1), (Viewers("/a"), Viewers("/b"), SiteViewers, Visitors));
        Assert.Equal(["/a"], Published);
        Close(tab, other);
        AssertEmpty();
    }

    [Fact]
    public void Only_a_written_probe_settles_a_suspicion()
    {
        var tab = Open("/a", Weak);
        Wait(20);
        tab.Response.Writes = false;
        Open("/b", Weak);
        Wait(6);
        Assert.Equal(0, Viewers("/a"));
        tab.Response.Write();
        Wait(0.9);
        Assert.Equal(0, Viewers("/a"));
        Wait(0.2);
        Assert.Equal(1, Viewers("/a"));
    }

    [Fact]
    public void A_suspected_view_whose_probe_is_never_written_counts_again_after_10_seconds()
    {
        var tab = Open("/a", Weak);
        Wait(20);
        tab.Response.Writes = false;
        Open("/b", Weak);
        Wait(9.9);
        Assert.Equal(0, Viewers("/a"));
        Wait(0.2);
        Assert.Equal(1, Viewers("/a"));
    }

    [Fact]
    public void A_suspected_view_without_probes_counts_again_after_65_seconds()
    {
        var tab = Open("/a", Weak, settles: SettledBy.Nothing);
        Open("/b", Weak);
        Wait(64.9);
        Assert.Equal((0, 0), (Viewers("/a"), tab.Response.Probes));
        Wait(0.2);
        Assert.Equal((1, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void A_suspected_view_counts_again_2_seconds_after_its_replacement_closes()
    {
        var first = Open("/a", Weak, settles: SettledBy.Nothing);
        var second = Open("/b", Weak);
        Wait(10);
        Close(second);
        Assert.Equal((0, 0), (Viewers("/a"), SiteViewers));
        Wait(1.9);
        Assert.Equal(0, Viewers("/a"));
        Wait(0.2);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
        Close(first);
        AssertEmpty();
    }

    [Theory]
    [InlineData(-0.2)]
    [InlineData(0.2)]
    public void A_page_that_closes_around_the_opening_of_another_is_the_only_one_left(double closes)
    {
        Open("/tab", Weak);
        Wait(10);
        var left = Open("/a", Weak);
        Wait(10);
        Assert.Equal(2, SiteViewers);
        if (closes < 0)
        {
            Close(left);
            Wait(-closes);
        }

        Open("/b", Weak);
        Assert.Equal((closes < 0 ? 1 : 0, 1), (Viewers("/a") + Viewers("/tab") - (closes < 0 ? 0 : 1), Viewers("/b")));
        if (closes > 0)
        {
            Wait(closes);
            Close(left);
        }

        Assert.Equal((1, 0, 1), (Viewers("/tab"), Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void A_page_closed_earlier_does_not_explain_an_opening()
    {
        var closed = Open("/a", Weak);
        Wait(10);
        Open("/b", Weak);
        Wait(10);
        Close(closed);
        Wait(3.2);
        Open("/c", Weak);
        Assert.Equal((0, 1), (Viewers("/b"), Viewers("/c")));
    }

    [Fact]
    public void A_reloaded_page_is_suspected_when_another_opens()
    {
        var old = Open("/a", Weak);
        Open("/a", Weak);
        Close(old);
        Open("/b", Weak);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void After_twenty_reloads_there_is_one_viewer()
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
    public void A_killed_browser_closes_its_streams_in_any_order()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var streams = Enumerable.Range(0, 8).Select(_ =>
            {
                Wait(random.Next(3));
                return Open($"/{random.Next(4)}", random.Next(2) == 0 ? Weak : Strong, settles: (SettledBy)random.Next(4));
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
}
