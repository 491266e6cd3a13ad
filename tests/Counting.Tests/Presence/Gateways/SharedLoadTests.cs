using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence.Gateways;

/// <summary>The pictures of a page load at several gateways, where one hears of it late or in parts.</summary>
public sealed class SharedLoadTests
{
    private static readonly VisitorKey Weak = PresenceTest.Weak;
    private static readonly VisitorKey Strong = PresenceTest.Strong;

    [Fact]
    public void A_picture_that_joins_a_load_whose_first_picture_is_the_same_and_not_heard_of_yet_is_another_load()
    {
        var mesh = new Mesh(3) { Prompt = false };
        mesh.Look(2, "/a", Weak, "/1");
        mesh.Wire(2, 1).Deliver();
        mesh.Look(1, "/a", Weak, "/2");
        mesh.Wire(1, 0).Deliver();
        mesh.Look(0, "/a", Weak, "/1");
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void Two_loads_with_the_same_picture_stay_two_when_a_cookie_makes_them_one_visitors()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Look(0, Gets(Strong, "/2"));
        mesh.Look(1, "/a", Strong, "/1");
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void Two_loads_with_the_same_picture_stay_two_where_a_part_of_one_was_heard_as_somebody_elses()
    {
        var mesh = new Mesh(3) { Prompt = false };
        mesh.Look(1, "/a", Weak, "/1");
        mesh.Wire(1, 0).Deliver();
        mesh.Look(0, Gets(Strong, "/2"));
        mesh.Look(2, "/a", Strong, "/1");
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void A_picture_that_joined_a_load_by_its_cookie_leaves_it_to_the_same_one_that_began_it()
    {
        var mesh = new Mesh(3) { Prompt = false };
        mesh.Look(1, "/a", Weak, "/1");
        mesh.Wire(1, 2).Deliver();
        mesh.Look(2, Gets(Strong, "/2"));
        mesh.Wire(2, 0).Deliver();
        mesh.Look(0, "/a", Strong, "/1");
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void A_load_is_its_cookies_at_every_gateway_though_the_cookie_came_back_before_its_giving_was_heard_of()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Wire(0, 1).Deliver();
        mesh.Look(1, Gets(Strong, "/2"));
        mesh.Look(0, "/b", Strong);
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void A_load_is_its_cookies_at_every_gateway_though_its_giving_was_never_heard_of()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Wire(1, 0).Cut();
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Wire(0, 1).Deliver();
        mesh.Look(1, Gets(Strong, "/2"));
        mesh.Look(1, "/b", Strong);
        AssertSettles(mesh, views: 2);
    }

    [Fact]
    public void A_load_is_its_cookies_at_every_gateway_though_it_was_midnight_meanwhile()
    {
        var mesh = new Mesh(2) { Prompt = false };
        mesh.Wire(1, 0).Cut();
        mesh.Look(0, "/a", Weak, "/1");
        mesh.Wire(0, 1).Deliver();
        mesh.Look(1, Gets(Strong, "/2") with { Visitor = Weak with { Id = 100 }, Before = Weak });
        mesh.Look(1, "/b", Strong);
        AssertSettles(mesh, views: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_load_whose_pictures_came_to_two_gateways_counts_at_once_whichever_began_it(bool beforeIsOpen)
    {
        var mesh = new Mesh(2) { Prompt = false };
        if (beforeIsOpen)
        {
            mesh.Look(0, "/before", Strong);
            mesh.DeliverAll();
            mesh.Wait(10);
        }

        mesh.Look(1, "/a", Strong, "/1");
        mesh.Wait(0.001);
        mesh.Look(0, "/a", Strong, "/2");
        mesh.DeliverAll();
        Assert.Equal((1, 0, 1), (mesh.Viewers("/a"), mesh.Viewers("/before"), mesh.SiteViewers));
        mesh.Wait(10);
        Assert.Equal((1, 0, 1), (mesh.Viewers("/a"), mesh.Viewers("/before"), mesh.SiteViewers));
        AssertSettles(mesh, views: beforeIsOpen ? 2 : 1);
    }

    private static Arrival Gets(VisitorKey cookie, string picture) =>
        new(new PageKey(PresenceTest.Site, "/a"), Weak, picture) { Issued = cookie };

    private static void AssertSettles(Mesh mesh, int views)
    {
        mesh.Heal();
        mesh.Wait(66);
        mesh.DeliverAll();
        Assert.Equal(views, mesh.SiteViewers);
        Assert.All(mesh.Nodes, node => Assert.Equal(1, node.Visitors));
        mesh.AssertEachViewCountsOnce();
        mesh.AssertEmpty();
    }
}
