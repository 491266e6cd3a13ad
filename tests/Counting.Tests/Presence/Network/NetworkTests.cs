using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence.Network;

/// <summary>The viewers of a site whose streams several gateways hold.</summary>
public sealed class NetworkTests
{
    private static readonly VisitorKey Weak = PresenceTest.Weak;
    private static readonly VisitorKey Strong = PresenceTest.Strong;

    private readonly SiteNetwork network = new(3);

    [Fact]
    public void A_page_left_for_one_at_another_gateway_stops_counting_and_is_probed_by_its_own_gateway()
    {
        var (left, current) = (new OpenResponse(), new OpenResponse());
        var stream = network.Open(0, Look("/a", Weak, settles: SettledBy.Frame), left);
        network.Wait(20);
        network.Open(1, Look("/b", Weak, settles: SettledBy.Frame), current);
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), SiteViewers));
        Assert.Equal((1, 0), (left.Probes, current.Probes));
        network.Close(0, stream);
        network.Wait(60);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void A_second_tab_at_another_gateway_counts_again_3_seconds_after_its_probe()
    {
        network.Open(0, Look("/a", Weak, settles: SettledBy.Padding), new OpenResponse());
        network.Wait(20);
        network.Open(1, Look("/b", Weak, settles: SettledBy.Padding), new OpenResponse());
        network.Wait(2);
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        network.Wait(3);
        Assert.Equal((1, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void Without_confirmation_of_a_probe_a_view_counts_again_after_10_seconds()
    {
        network.Open(0, Look("/a", Weak, settles: SettledBy.Padding), new OpenResponse { Writes = false });
        network.Wait(20);
        network.Open(1, Look("/b", Weak, settles: SettledBy.Padding), new OpenResponse());
        network.Wait(9);
        Assert.Equal(0, Viewers("/a"));
        network.Wait(2);
        Assert.Equal(1, Viewers("/a"));
    }

    [Fact]
    public void Two_pictures_of_one_load_at_two_gateways_are_one_view_and_one_arrival()
    {
        foreach (var visitor in new[] { Weak with { Id = 7 }, Strong })
        {
            var path = $"/{visitor.Kind}";
            var first = network.Open(1, Look(path, visitor));
            network.Open(0, Look(path, visitor, "/online.png?count=site"));
            Assert.Equal(1, Viewers(path));
            Assert.Equal(1, network.Reports[path].Arrivals);
            network.Close(1, first);
            Assert.Equal(1, Viewers(path));
        }
    }

    [Fact]
    public void Behind_one_address_a_class_at_two_gateways_loses_one_viewer_when_one_moves_on()
    {
        var pupils = Enumerable.Range(0, 8).Select(i => (At: i % 2, Stream: network.Open(i % 2, Look("/a", Weak)))).ToArray();
        Assert.Equal(8, Viewers("/a"));
        network.Open(1, Look("/b", Weak));
        Assert.Equal((7, 1), (Viewers("/a"), Viewers("/b")));
        network.Close(pupils[3].At, pupils[3].Stream);
        network.Wait(66);
        Assert.Equal((7, 1), (Viewers("/a"), Viewers("/b")));
    }

    [Fact]
    public void A_cookie_returned_at_another_gateway_moves_the_first_view_to_its_visitor()
    {
        network.Open(0, Look("/a", Weak) with { Issued = Strong });
        network.Wait(5);
        network.Open(1, Look("/b", Strong));
        Assert.Equal((0, 1, 1), (Viewers("/a"), Viewers("/b"), Visitors));
    }

    [Fact]
    public void A_visitor_over_midnight_counts_once_at_a_gateway_whose_clock_is_behind()
    {
        var tomorrow = Weak with { Id = 2 };
        network.Open(0, Look("/a", Weak));
        network.Open(1, Look("/b", tomorrow) with { Before = Weak });
        Assert.Equal((0, 1), (Viewers("/a"), Viewers("/b")));
        network.Open(2, Look("/c", Weak));
        Assert.Equal((1, 1, 1), (SiteViewers, Viewers("/c"), Visitors));
    }

    [Fact]
    public void An_expired_gateway_loses_its_streams_and_suspicions()
    {
        network.Open(0, Look("/a", Weak));
        network.Open(1, Look("/b", Weak));
        network.Open(1, Look("/c", Weak with { Id = 5 }));
        Assert.Equal((0, 2), (Viewers("/a"), Visitors));
        network.Presence.Expire("gateway-1");
        Assert.Equal(1, Visitors);
        network.Wait(2);
        Assert.Equal((1, 1), (Viewers("/a"), SiteViewers));
    }

    [Fact]
    public void A_new_presence_publishes_no_lower_number_and_counts_arrivals_once()
    {
        network.Open(0, Look("/a", Weak));
        network.Open(1, Look("/a", Weak with { Id = 2 }));
        var gone = network.Open(1, Look("/a", Weak with { Id = 3 }));
        var published = new List<long>();
        network.Published += total => published.AddRange(total.Key == CountKey.ForPage(Page("/a")) ? [total.Viewers] : []);
        network.Restart();
        Assert.Equal(0, SiteViewers);
        network.Close(1, gone);
        network.Open(0, Look("/b", Weak with { Id = 4 }));
        Assert.Equal(3, Viewers("/a"));
        network.Wait(11);
        Assert.Equal((2, 3), (Viewers("/a"), SiteViewers));
        Assert.DoesNotContain(published, viewers => viewers < 2);
        Assert.Equal((0, 1), (network.Reports["/a"].Arrivals, network.Reports["/b"].Arrivals));
    }

    [Fact]
    public void A_new_activation_is_right_once_all_gateways_have_sent_their_snapshots()
    {
        network.Open(0, Look("/a", Weak));
        network.Open(1, Look("/a", Weak with { Id = 2 }));
        var gone = network.Open(2, Look("/a", Weak with { Id = 3 }));
        var published = 0L;
        network.Published += total => published = total.Key == CountKey.ForPage(Page("/a")) ? total.Viewers : published;
        network.Restart();
        string[] live = ["gateway-0", "gateway-1", "gateway-2"];
        network.Close(2, gone);
        network.Open(0, Look("/b", Weak with { Id = 4 }));
        network.Presence.EndResync(live);
        Assert.Equal((3, false), (Viewers("/a"), network.Presence.IsWhole));
        network.Heal();
        network.Presence.EndResync(live);
        network.DeliverAll();
        Assert.Equal((2, true), (Viewers("/a"), network.Presence.IsWhole));
        Assert.Equal(2, published);
    }

    [Fact]
    public void A_gateway_with_an_incomplete_snapshot_gets_no_numbers()
    {
        for (var i = 0; i < 2500; i++)
        {
            network.Open(0, Look("/a", Weak with { Id = (ulong)i + 10 }));
        }

        network.Presence.Expire("gateway-0");
        var published = new List<long>();
        network.Published += total => published.Add(total.Viewers);
        network.Gateways[0].Check(asksAll: true);
        network.Send(0);
        network.DeliverAll();
        Assert.Equal(2500, Viewers("/a"));
        Assert.All(published, viewers => Assert.Equal(2500, viewers));
    }

    [Fact]
    public void Streams_of_a_refused_page_are_ended_at_every_gateway()
    {
        var (here, there, other) = (new OpenResponse(), new OpenResponse(), new OpenResponse());
        network.Open(0, Look("/a", Weak), here);
        network.Open(1, Look("/a", Weak with { Id = 2 }), there);
        network.Open(1, Look("/b", Weak with { Id = 3 }), other);
        network.Presence.End("/a");
        network.DeliverAll();
        Assert.Equal((true, true, false), (here.Ended, there.Ended, other.Ended));
    }

    [Fact]
    public void A_browser_short_of_connections_loses_only_streams_that_do_not_count()
    {
        var (left, current) = (new OpenResponse(), new OpenResponse());
        var first = network.Open(0, Look("/a", Weak, settles: SettledBy.Nothing), left);
        var second = network.Open(0, Look("/b", Weak, settles: SettledBy.Nothing), current);
        network.Release(0, new CrowdedBrowser([first.Number, second.Number], MostEnded: 2));
        Assert.Equal((true, false), (left.Ended, current.Ended));
    }

    [Fact]
    public void Openings_of_one_gateway_keep_their_order_whatever_the_delay_of_batches()
    {
        var slow = new SiteNetwork(1) { IsPrompt = false };
        slow.Open(0, Look("/a", Weak));
        slow.Clock.Advance(TimeSpan.FromMilliseconds(50));
        slow.Open(0, Look("/b", Weak));
        slow.Clock.Advance(TimeSpan.FromMilliseconds(50));
        slow.DeliverAll();
        Assert.Equal((0, 1), (slow.Presence.Find(CountKey.ForPage(Page("/a"))).Viewers, slow.Presence.Find(CountKey.ForPage(Page("/b"))).Viewers));
    }

    [Fact]
    public void A_second_tab_reported_late_is_probed_and_counts_again()
    {
        var slow = new SiteNetwork(2) { IsPrompt = false };
        var response = new OpenResponse();
        slow.Open(0, Look("/other", Weak with { Id = 9 }));
        slow.Deliver(0);
        slow.Open(0, Look("/a", Weak, settles: SettledBy.Padding), response);
        slow.Clock.Advance(TimeSpan.FromSeconds(1));
        slow.Open(1, Look("/b", Weak));

        // The first gateway waits for an answer before it reports /a.
        slow.Deliver(slow.UnderWay - 1);
        slow.DeliverAll();
        Assert.Equal((0, 1), (slow.Presence.Find(CountKey.ForPage(Page("/a"))).Viewers, slow.Presence.Find(CountKey.ForPage(Page("/b"))).Viewers));
        for (var i = 0; i < 5; i++)
        {
            slow.Wait(1);
            slow.DeliverAll();
        }

        Assert.Equal((1, 1), (slow.Presence.Find(CountKey.ForPage(Page("/a"))).Viewers, response.Probes));
    }

    private static PageKey Page(string path) => new(PresenceTest.Site, path);

    private static StreamOrigin Look(string path, VisitorKey visitor, string picture = "/online.png", SettledBy settles = SettledBy.Itself) =>
        new(Page(path), visitor, picture) { Settles = settles };

    private int Viewers(string path) => (int)network.Presence.Find(CountKey.ForPage(Page(path))).Viewers;

    private int SiteViewers => (int)network.Presence.Find(CountKey.ForSite(PresenceTest.Site)).Viewers;

    private int Visitors => (int)network.Presence.Find(CountKey.ForVisitors(PresenceTest.Site)).Viewers;
}
