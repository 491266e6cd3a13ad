using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence.Gateways;

public sealed class MeshTests
{
    private static readonly VisitorKey Weak = PresenceTest.Weak;
    private static readonly VisitorKey Strong = PresenceTest.Strong;

    [Fact]
    public void A_page_that_is_left_for_one_at_another_gateway_stops_counting_at_once()
    {
        var mesh = new Mesh(3);
        var left = mesh.Look(0, "/a", Weak, settles: SettledBy.Frame);
        mesh.Wait(20);
        var current = mesh.Look(1, "/b", Weak, settles: SettledBy.Frame);
        Assert.Equal((0, 1, 1), (mesh.Viewers("/a"), mesh.Viewers("/b"), mesh.SiteViewers));
        Assert.Equal((1, 0), (left.Response.Probes, current.Response.Probes));
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        left.Close();
        mesh.Wait(60);
        Assert.Equal((0, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.AssertEmpty();
    }

    [Fact]
    public void A_second_tab_at_another_gateway_counts_again_after_65_seconds()
    {
        var mesh = new Mesh(2);
        mesh.Look(0, "/a", Weak);
        mesh.Look(1, "/b", Weak);
        mesh.Wait(64);
        Assert.Equal((0, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.Wait(1);
        Assert.Equal((1, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.AssertEmpty();
    }

    [Fact]
    public void A_page_counts_again_soon_after_the_one_that_replaced_it_elsewhere_closed()
    {
        var mesh = new Mesh(2);
        mesh.Look(0, "/a", Weak);
        var second = mesh.Look(1, "/b", Weak);
        mesh.Wait(10);
        second.Close();
        Assert.Equal(0, mesh.SiteViewers);
        mesh.Wait(2);
        Assert.Equal((1, 1), (mesh.Viewers("/a"), mesh.SiteViewers));
        mesh.AssertEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_class_behind_one_address_is_eight_over_two_gateways_and_seven_when_one_moves_on(int mover)
    {
        var mesh = new Mesh(2);
        var pupils = Enumerable.Range(0, 8).Select(i => mesh.Look(i % 2, "/a", Weak)).ToArray();
        Assert.Equal((8, 4), (mesh.Viewers("/a"), mesh.Nodes[0].Viewers("/a")));
        mesh.Look(mover % 2, "/b", Weak);
        Assert.Equal((7, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.Wait(60);
        pupils[mover].Close();
        Assert.Equal((7, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.Wait(66);
        Assert.Equal((7, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        mesh.AssertEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_pictures_of_one_load_over_two_gateways_count_once(bool heardAtOnce)
    {
        foreach (var visitor in new[] { Weak, Strong })
        {
            var mesh = new Mesh(3) { Prompt = heardAtOnce };
            mesh.Look(2, "/before", visitor);
            mesh.DeliverAll();
            mesh.Wait(10);
            var first = mesh.Look(1, "/a", visitor, "/online.png");
            mesh.Look(0, "/a", visitor, "/online.png?count=site");
            mesh.DeliverAll();
            Assert.Equal((1, 1, 0), (mesh.SiteViewers, mesh.Viewers("/a"), mesh.Viewers("/before")));
            var arrivals = mesh.Nodes.SelectMany(node => node.Audience.TakeChanges()).Where(r => r.Page.Path == "/a").Sum(r => r.Arrivals);
            Assert.Equal(1, arrivals);
            first.Close();
            mesh.DeliverAll();
            Assert.Equal(1, mesh.Viewers("/a"));
            mesh.AssertEmpty();
        }
    }

    [Fact]
    public void Two_people_who_load_two_pictures_over_two_gateways_at_once_are_two()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Look(1, "/a", Weak, "/2");
        mesh.Look(1, "/a", Weak, "/2");
        mesh.DeliverAll();
        Assert.Equal(2, mesh.Viewers("/a"));
        mesh.AssertEmpty();
    }

    [Fact]
    public void Two_gateways_that_each_let_the_same_picture_into_a_load_agree_that_these_are_two()
    {
        var mesh = new Mesh(3) { Prompt = false };
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Look(1, "/a", Weak, "/2");
        mesh.Look(2, "/a", Weak, "/2");
        mesh.DeliverAll();
        Assert.Equal(2, mesh.Viewers("/a"));
        mesh.AssertEachViewCountsOnce();
        mesh.AssertEmpty();
    }

    [Fact]
    public void A_load_with_a_name_is_one_view_wherever_its_stream_opens_anew()
    {
        var mesh = new Mesh(2);
        Arrival Load() => new(new(PresenceTest.Site, "/a"), Weak, "/online.png") { Load = "x" };
        mesh.Look(0, Load());
        mesh.Wait(60);
        mesh.Look(1, Load());
        Assert.Equal(1, mesh.Viewers("/a"));
        mesh.AssertEmpty();
    }

    [Fact]
    public void Tabs_that_open_at_two_gateways_at_the_same_moment_leave_one_in_doubt()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Look(0, "/a", Weak);
        mesh.Look(1, "/b", Weak);
        mesh.DeliverAll();
        Assert.Equal(1, mesh.SiteViewers);
        mesh.Wait(65);
        Assert.Equal(2, mesh.SiteViewers);
        mesh.AssertEmpty();
    }

    [Fact]
    public void A_cookie_that_comes_back_at_another_gateway_shows_whose_the_first_page_was()
    {
        var mesh = new Mesh(2);
        var first = mesh.Look(0, new Arrival(new(PresenceTest.Site, "/a"), Weak, "/online.png") { Issued = Strong });
        mesh.Wait(5);
        mesh.Look(1, "/b", Strong);
        Assert.Equal((0, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        first.Close();
        mesh.AssertEmpty();
    }

    [Fact]
    public void Who_stays_over_midnight_is_not_counted_twice_at_another_gateway()
    {
        var mesh = new Mesh(3);
        var tomorrow = Weak with { Id = 2 };
        mesh.Look(0, "/a", Weak);
        mesh.Look(1, new Arrival(new(PresenceTest.Site, "/b"), tomorrow, "/online.png") { Before = Weak });
        Assert.Equal((0, 1), (mesh.Viewers("/a"), mesh.Viewers("/b")));
        mesh.Look(2, "/c", Weak);
        Assert.Equal((1, 1), (mesh.SiteViewers, mesh.Viewers("/c")));
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        mesh.AssertEmpty();
    }

    [Fact]
    public void A_gateway_that_is_gone_takes_its_streams_and_doubts_with_it()
    {
        var mesh = new Mesh(2);
        mesh.Look(0, "/a", Weak);
        mesh.Look(1, "/b", Weak);
        mesh.Look(1, "/c", Weak with { Id = 5 });
        Assert.Equal((0, 2), (mesh.Nodes[0].Viewers("/a"), mesh.Nodes[0].Visitors));
        mesh.Wires.Single(wire => wire.IsUp && wire == mesh.Wires[1]).Cut();
        mesh.Nodes[0].VisitorsTold.Clear();
        mesh.Nodes[0].Decides.Forget("gateway-1");
        Assert.Equal(1, mesh.Nodes[0].Visitors);
        Assert.Equal([PresenceTest.Site], mesh.Nodes[0].VisitorsTold);
        mesh.Wait(2);
        Assert.Equal(1, mesh.Nodes[0].Viewers("/a"));
    }

    [Fact]
    public void A_snapshot_raises_doubts_only_about_what_was_opened_before_and_not_too_long_ago()
    {
        var mesh = new Mesh(2);
        foreach (var wire in mesh.Wires)
        {
            wire.Cut();
        }

        mesh.Look(1, "/long-ago", Weak);
        mesh.Wait(70);
        mesh.Look(0, "/older", Weak);
        mesh.Wait(30);
        mesh.Look(1, "/newer", Weak);
        mesh.Wait(5);
        mesh.Heal();
        Assert.Equal((0, 1), (mesh.Viewers("/older"), mesh.Viewers("/newer")));
        mesh.Wait(59);
        Assert.Equal(0, mesh.Viewers("/older"));
        mesh.Wait(1);
        Assert.Equal(3, mesh.SiteViewers);
        mesh.AssertEmpty();
    }

    [Fact]
    public void Visitors_that_nobody_can_tell_apart_count_as_visitors_everywhere()
    {
        var mesh = new Mesh(2);
        mesh.Look(0, "/a", new VisitorKey(PresenceTest.Site, IdentityKind.None, 7));
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        Assert.Equal([PresenceTest.Site], mesh.Nodes[1].VisitorsTold);
        mesh.AssertEmpty();
    }
}
