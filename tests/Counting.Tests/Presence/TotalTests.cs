using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>Totals as they are published: exact, live, and never lower except when a day begins or they are reset.</summary>
public sealed class TotalTests : PresenceTest
{
    private readonly Dictionary<CountKey, long> last = [];
    private readonly List<CountUpdate> published = [];

    public TotalTests() => Network.Published += total =>
    {
        last[total.Key] = total.Viewers;
        published.Add(total);
    };

    [Fact]
    public void A_viewer_is_part_of_the_total_in_its_own_answer()
    {
        Show(Of(CountOf.Arrivals), Of(CountOf.Today, "UTC"), Of(CountOf.Peak));
        Assert.Equal((0, 0, 0), (Arrivals, Today("UTC"), Peak));
        foreach (var visitor in (ulong[])[1, 2, 3])
        {
            published.Clear();
            Network.Keeper = new(Clock);
            Open("/a", Weak with { Id = visitor });
            Assert.Equal((visitor, visitor), ((ulong)Arrivals, (ulong)Today("UTC")));
            Assert.Equal(2, published.Count(total => total.Key.Of is CountOf.Arrivals or CountOf.Today));
        }
    }

    [Fact]
    public void A_total_includes_stored_arrivals_and_a_peak_stays()
    {
        var before = new[] { Open("/a", Weak), Open("/a", Weak with { Id = 2 }) };
        Close(before);
        Open("/a", Weak with { Id = 3 });
        Show(Of(CountOf.Arrivals), Of(CountOf.Today, "UTC"), Of(CountOf.Peak));
        Assert.Equal((3, 3, 2), (Arrivals, Today("UTC"), Peak));
        Open("/a", Weak with { Id = 4 });
        Open("/a", Weak with { Id = 5 });
        Assert.Equal((5, 5, 3), (Arrivals, Today("UTC"), Peak));
        Assert.Equal(Arrivals, Network.Keeper.Page("/a").Arrivals);
    }

    [Fact]
    public void A_view_that_counts_again_is_no_new_arrival()
    {
        Show(Of(CountOf.Arrivals));
        Open("/a", Weak, settles: SettledBy.Nothing);
        Open("/b", Weak, settles: SettledBy.Nothing);
        Assert.Equal(0, Viewers("/a"));
        Wait(66);
        Assert.Equal((1, 1), (Viewers("/a"), Arrivals));
    }

    [Fact]
    public void A_snapshot_repeats_no_arrival()
    {
        Show(Of(CountOf.Arrivals), Site(CountOf.Arrivals));
        Open("/a", Weak);
        Open("/b", Weak with { Id = 2 });
        Network.Restart();
        Network.Heal();
        Wait(11);
        Assert.Equal((1, 2, 1), (Arrivals, last[Site(CountOf.Arrivals)], Viewers("/a")));
    }

    [Fact]
    public void A_site_has_totals_of_its_own()
    {
        Show(Site(CountOf.Arrivals), Site(CountOf.Peak), Site(CountOf.Today, "UTC"));
        var a = Open("/a", Weak);
        Open("/b", Weak with { Id = 2 });
        Close(a);
        Open("/c", Weak with { Id = 3 });
        Assert.Equal((3, 2, 3), (last[Site(CountOf.Arrivals)], last[Site(CountOf.Peak)], last[Site(CountOf.Today, "UTC")]));
        Assert.Equal((3, 2), (Network.Keeper.Site.Arrivals, Network.Keeper.Site.Peak));
    }

    [Theory]
    [InlineData("UTC", 12.0)]
    [InlineData("Asia/Kathmandu", 6.25)]
    [InlineData("America/St_Johns", 15.5)]
    public void A_day_begins_with_zero_at_midnight_of_its_zone(string zone, double hours)
    {
        Show(Of(CountOf.Today, zone), Of(CountOf.Arrivals));
        Open("/a", Weak);
        Advance(TimeSpan.FromHours(hours) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Today(zone));
        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1), (Today(zone), Arrivals));
        Open("/a", Weak with { Id = 2 });
        Assert.Equal((1, 2), (Today(zone), Arrivals));
        Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, Today(zone));
    }

    [Fact]
    public void Each_zone_has_its_own_day()
    {
        Advance(TimeSpan.FromHours(6));
        Open("/a", Weak);
        Advance(TimeSpan.FromMinutes(30));
        Open("/a", Weak with { Id = 2 });
        Show(Of(CountOf.Today, "UTC"), Of(CountOf.Today, "Asia/Kathmandu"), Of(CountOf.Today, "Mars/Olympus"));
        Assert.Equal((2, 1), (Today("UTC"), Today("Asia/Kathmandu")));
        Assert.DoesNotContain(Of(CountOf.Today, "Mars/Olympus"), last.Keys);
    }

    [Fact]
    public void A_day_of_25_hours_has_all_its_arrivals()
    {
        Advance(new DateTimeOffset(2026, 10, 24, 22, 5, 0, TimeSpan.Zero) - Clock.GetUtcNow());
        Open("/a", Weak);
        Advance(TimeSpan.FromHours(24.5));
        Open("/a", Weak with { Id = 2 });
        Show(Of(CountOf.Today, "Europe/Berlin"));
        Assert.Equal(2, Today("Europe/Berlin"));
        Advance(TimeSpan.FromHours(0.5));
        Assert.Equal(0, Today("Europe/Berlin"));
    }

    [Fact]
    public void A_total_does_not_fall_when_its_grain_and_the_presence_are_lost_together()
    {
        Show(Of(CountOf.Arrivals), Of(CountOf.Peak), Of(CountOf.Today, "UTC"));
        Close(Open("/a", Weak), Open("/a", Weak with { Id = 2 }));
        Network.Keeper = new(Clock);
        Network.Restart();
        Network.Heal();
        Wait(60);
        Assert.Equal((2, 2, 2), (Arrivals, Peak, Today("UTC")));
        Assert.DoesNotContain(published.SkipWhile(total => total.Viewers < 2), total => total.Key.Of == CountOf.Arrivals && total.Viewers < 2);
    }

    [Fact]
    public void A_new_presence_does_not_count_yesterday_for_today()
    {
        Show(Of(CountOf.Today, "UTC"));
        Open("/a", Weak);
        Advance(TimeSpan.FromHours(11.999));
        Network.Restart();
        Clock.Advance(TimeSpan.FromHours(0.01));
        Network.Heal();
        Assert.Equal(0, Today("UTC"));
    }

    [Fact]
    public void A_reset_is_published_without_viewers()
    {
        Show(Of(CountOf.Arrivals), Of(CountOf.Peak), Of(CountOf.Today, "UTC"), Site(CountOf.Arrivals));
        var viewer = Open("/a", Weak);
        Wait(1);
        Network.Keeper.Reset();
        Network.Presence.AskAll();
        Network.DeliverAll();
        Assert.Equal((0, 1, 0, 0), (Arrivals, Peak, Today("UTC"), last[Site(CountOf.Arrivals)]));
        Close(viewer);
        Wait(1);
        Network.Keeper.Reset();
        Network.Presence.AskAll();
        Network.DeliverAll();
        Assert.Equal((0, 0), (Arrivals, Peak));
        Open("/a", Weak with { Id = 2 });
        Assert.Equal((1, 1, 1), (Arrivals, Peak, Today("UTC")));
    }

    [Fact]
    public void A_reset_right_after_the_first_arrival_is_published()
    {
        Show(Of(CountOf.Arrivals));
        Network.IsKeeperAway = true;
        Open("/a", Weak);
        Assert.Equal(1, Arrivals);
        Wait(1);
        Network.Keeper.Reset();
        Network.IsKeeperAway = false;
        Network.Presence.AskAll();
        Network.DeliverAll();
        Assert.Equal(0, Arrivals);
    }

    [Fact]
    public void A_page_that_was_deleted_while_it_is_shown_begins_with_who_comes_next()
    {
        Show(Of(CountOf.Arrivals), Of(CountOf.Today, "UTC"), Site(CountOf.Arrivals));
        Close(Open("/a", Weak), Open("/a", Weak with { Id = 2 }));
        Wait(1);
        Assert.Equal((2, 2, 2), (Arrivals, Today("UTC"), last[Site(CountOf.Arrivals)]));
        Network.Keeper.Delete("/a");
        Network.Presence.ReportAll();
        Network.DeliverAll();
        Assert.Equal((0, 0, 2), (Arrivals, Today("UTC"), last[Site(CountOf.Arrivals)]));
        Assert.Null(Network.Keeper.Page("/a").Since);
        Open("/a", Weak with { Id = 3 });
        Assert.Equal((1, 1, 3), (Arrivals, Today("UTC"), last[Site(CountOf.Arrivals)]));
        Assert.Equal((1, 3), (Network.Keeper.Page("/a").Arrivals, Network.Keeper.Site.Arrivals));
    }

    [Fact]
    public void A_refused_page_is_subtracted_from_its_site()
    {
        Show(Site(CountOf.Arrivals));
        Open("/a", Weak);
        Open("/b", Weak with { Id = 2 });
        Network.Presence.End("/b");
        Network.DeliverAll();
        Assert.Equal(2, last[Site(CountOf.Arrivals)]);
    }

    [Fact]
    public void An_answer_for_a_past_day_is_requested_again()
    {
        Show(Of(CountOf.Today, "UTC"));
        Network.Presence.Answer(new TotalQuestion(Of(CountOf.Today, "UTC"), Clock.GetUtcNow().AddDays(-1)), 7, Clock.GetUtcNow());
        Assert.True(Network.Presence.HasQuestions);
        Network.Tick();
        Assert.Equal(0, Today("UTC"));
    }

    [Fact]
    public void A_total_that_no_gateway_shows_is_forgotten()
    {
        Show(Of(CountOf.Arrivals), Of(CountOf.Peak), Of(CountOf.Today, "Asia/Kathmandu"), Site(CountOf.Today, "UTC"));
        Close(Open("/a", Weak));
        Network.HideAll();
        Wait(66);
        AssertEmpty();
        Assert.Null(Network.Presence.DueAt);
    }

    private long Arrivals => last[Of(CountOf.Arrivals)];

    private long Peak => last[Of(CountOf.Peak)];

    private long Today(string zone) => last[Of(CountOf.Today, zone)];

    private static CountKey Of(CountOf of, string? zone = null) => CountKey.ForTotal(of, PresenceTest.Site, "/a", zone);

    private static new CountKey Site(CountOf of, string? zone = null) => CountKey.ForTotal(of, PresenceTest.Site, "", zone);

    private void Show(params CountKey[] keys)
    {
        foreach (var key in keys)
        {
            Network.Gateways[0].Show(key);
        }

        Network.Send(0);
        Network.DeliverAll();
    }

    private void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Network.Tick();
    }
}
