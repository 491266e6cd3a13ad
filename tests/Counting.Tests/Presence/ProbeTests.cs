using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class ProbeTests : PresenceTest
{
    [Fact]
    public void One_stream_of_each_view_is_probed_once_in_an_interval()
    {
        var streams = Enumerable.Range(0, 100).Select(i => Open($"/{i}", Weak with { Id = (ulong)i }, "/1")).ToArray();
        var seconds = Enumerable.Range(0, 100).Select(i => Open($"/{i}", Weak with { Id = (ulong)i }, "/2")).ToArray();
        Wait(15);
        Assert.Equal(100, Probed(streams) + Probed(seconds));
        Wait(150);
        Assert.Equal(1100, Probed(streams) + Probed(seconds));

        // Where the one that was probed closes, the other is.
        Close(streams);
        var before = Probed(seconds);
        Wait(15.25);
        Assert.InRange(Probed(seconds) - before, 100, 110);
    }

    [Fact]
    public void One_stream_of_each_view_is_probed_after_a_new_activation()
    {
        var first = Open("/", Weak, "/1");
        var second = Open("/", Weak, "/2");
        Network.Restart();
        Open("/other", Weak with { Id = 2 });
        var before = first.Response.Probes + second.Response.Probes;
        Wait(15.25);
        Assert.InRange(first.Response.Probes + second.Response.Probes - before, 1, 2);
        Wait(150);
        Assert.InRange(first.Response.Probes + second.Response.Probes - before, 10, 13);
    }

    [Fact]
    public void Probes_are_spread_over_the_interval()
    {
        var streams = Enumerable.Range(0, 1500).Select(i => Open("/", Weak with { Id = (ulong)i })).ToArray();
        for (var second = 0; second < 30; second++)
        {
            var before = Probed(streams);
            Wait(1);
            Assert.InRange(Probed(streams) - before, 80, 120);
        }
    }

    [Fact]
    public void The_last_page_of_a_visit_stops_counting_within_an_interval()
    {
        var left = Open("/a", Weak);
        Wait(40);
        left.Response.Probed = () => Close(left);
        Wait(15);
        Assert.Equal(0, SiteViewers);
        AssertEmpty();
    }

    [Theory]
    [InlineData(SettledBy.Frame)]
    [InlineData(SettledBy.Itself)]
    [InlineData(SettledBy.Nothing)]
    public void A_stream_that_padding_does_not_settle_has_no_periodic_probe(SettledBy settles)
    {
        var stream = Open("/a", Weak, settles: settles);
        Wait(100);
        Assert.Equal(0, stream.Response.Probes);
    }

    [Fact]
    public void A_view_is_probed_at_most_every_3_seconds_and_a_delayed_probe_follows()
    {
        var first = Open("/a", Weak);
        Wait(20);
        var before = first.Response.Probes;
        Open("/b", Weak);
        Wait(0.2);
        Assert.Equal(before, first.Response.Probes);
        Wait(0.3);
        Assert.Equal(before + 1, first.Response.Probes);
        Wait(0.5);
        Open("/c", Weak);
        Wait(2.25);
        Assert.Equal(before + 1, first.Response.Probes);
        Wait(0.5);
        Assert.Equal(before + 2, first.Response.Probes);
    }

    [Fact]
    public void A_probe_under_way_delays_the_next_and_does_not_settle_a_later_suspicion()
    {
        var stream = Open("/a", Weak);
        stream.Response.Writes = false;
        Wait(15);
        Assert.Equal(1, stream.Response.Probes);
        Wait(30);
        Assert.Equal(1, stream.Response.Probes);
        Open("/b", Weak);
        Wait(0.5);
        stream.Response.Write();
        Wait(0.3);
        Assert.Equal((2, 0), (stream.Response.Probes, Viewers("/a")));
        stream.Response.Write();
        Wait(3.2);
        Assert.Equal(1, Viewers("/a"));
    }

    [Fact]
    public void Openings_over_the_budget_wait_for_the_periodic_probe()
    {
        var others = Enumerable.Range(0, 8).Select(i => Open($"/{i}", Weak)).ToArray();
        Wait(20);
        for (var i = 0; i < 10; i++)
        {
            // Another visitor's openings use the budget up.
            for (var page = 0; page < 9; page++)
            {
                Open($"/{i}-{page}", Weak with { Id = (ulong)i + 10 });
            }
        }

        Wait(0.25);
        var before = Probed(others);
        Open("/new", Weak);
        Wait(0.25);

        // Of what is left only the one that does not count until it is probed gets some.
        Assert.InRange(Probed(others) - before, 0, 1);
        Assert.True(Network.Probes.Counts.Read().Sum(count => count.Postponed) > 0);
        Wait(15.1);
        Assert.All(others, other => Assert.True(other.Response.Probes > 0));
        Assert.InRange(Probed(others) - before, 8, 16);
    }

    [Fact]
    public void When_a_suspected_view_stays_open_its_replacement_is_probed()
    {
        Open("/a", Weak);
        Wait(20);
        var left = Open("/b", Weak);
        left.Response.Probed = () => Close(left);
        Wait(4);
        Assert.Equal((1, 0, 1), (Viewers("/a"), Viewers("/b"), SiteViewers));
    }

    [Fact]
    public void Without_an_interval_only_suspicions_are_probed()
    {
        var quiet = new PresenceWithout();
        quiet.Check();
    }

    [Fact]
    public void Probes_and_successful_probes_are_counted()
    {
        var left = Open("/a", Weak);
        Wait(20);
        left.Response.Probed = () => Close(left);
        Open("/b", Weak);
        Wait(0.5);
        var counts = Network.Probes.Counts.Read().Single(count => (count.Ground, count.Settles) == (ProbeGround.Opening, SettledBy.Padding));
        Assert.Equal((1, 1, 0), (counts.Sent, counts.Closed, counts.Postponed));
    }

    private static int Probed(IEnumerable<Opened> streams) => streams.Sum(stream => stream.Response.Probes);

    private sealed class PresenceWithout() : PresenceTest(new ProbeOptions(TimeSpan.Zero))
    {
        public void Check()
        {
            var first = Open("/a", Weak);
            Wait(100);
            Assert.Equal(0, first.Response.Probes);
            Open("/b", Weak);
            Wait(0.5);
            Assert.Equal(1, first.Response.Probes);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void Joined_views_do_not_raise_the_budget(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var a1 = Open("/a", Weak, "/1.png");
            var b1 = Open("/a", Weak, "/2.png");
            var a2 = Open("/a", Weak, "/1.png");
            Close(a1);
            Close(b1);
            Close(a2);
        }

        Wait(20);
        var before = Sent();
        for (ulong i = 10; i < 210; i++)
        {
            Open("/x", Weak with { Id = i });
            Open("/y", Weak with { Id = i });
        }

        Wait(0.5);
        Assert.True(Sent() - before < 120, $"{Sent() - before} of 200 were sent");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Views_without_probes_use_no_budget(int scripts)
    {
        for (var i = 0; i < scripts; i++)
        {
            Open($"/script-{i}", Weak, "/online/ws", SettledBy.Itself);
        }

        var left = Open("/a", Weak);
        Wait(20);
        var probes = left.Response.Probes;
        Assert.True(probes > 0);
        Wait(3);
        probes = left.Response.Probes;
        Open("/b", Weak);
        Wait(0.5);
        Assert.Equal(probes + 1, left.Response.Probes);
    }

    private long Sent() => Network.Probes.Counts.Read().Where(count => count.Ground == ProbeGround.Opening).Sum(count => count.Sent);
}
