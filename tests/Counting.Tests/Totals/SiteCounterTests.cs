using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Xunit;

namespace Counter.Counting.Tests.Totals;

public sealed class SiteCounterTests
{
    private const string Name = "example.com";

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SiteCounter site = new(Name, Lease, Noon);
    private long sequence;

    [Fact]
    public void A_site_is_the_sum_of_its_pages()
    {
        Report("/a", 2, Noon);
        Report("/b", 3, Noon);
        Assert.True(site.Settle(Noon));
        Assert.Equal((5, 5, 5L), (site.Tally.Viewers, site.Tally.Peak, site.Tally.Arrivals));
        Assert.False(site.Settle(Noon));
        Assert.Equal(new Total(CountKey.ForSite(Name), site.Tally.Version, 5), site.Total);
    }

    [Fact]
    public void Someone_who_goes_from_one_page_to_another_is_never_two()
    {
        Report("/a", 1, Noon);
        site.Settle(Noon);
        Report("/b", 1, Noon.AddSeconds(1));
        Report("/a", 0, Noon.AddSeconds(1));
        Assert.False(site.Settle(Noon.AddSeconds(1)));
        Assert.Equal((1, 1), (site.Tally.Viewers, site.Tally.Peak));
    }

    [Fact]
    public void Leases_that_end_change_the_page_and_the_site()
    {
        Report("/a", 2, Noon);
        Report("/b", 3, Noon.AddSeconds(10));
        site.Settle(Noon.AddSeconds(10));
        Assert.Equal(
            [(CountKey.ForPage(new(Name, "/a")), 0), (CountKey.ForSite(Name), 3)],
            site.Expire(Noon + Lease).Select(t => (t.Key, t.Viewers)));
        Assert.Empty(site.Expire(Noon + Lease));
    }

    [Fact]
    public void A_full_site_refuses_new_pages_and_goes_on_counting_the_others()
    {
        Assert.True(Report("/a", 1, Noon, mostPages: 1));
        Assert.False(Report("/b", 1, Noon, mostPages: 1));
        Assert.True(Report("/a", 2, Noon, mostPages: 1));
        site.Settle(Noon);
        Assert.Equal(2, site.Tally.Viewers);
        Assert.Null(site.Find("/b"));
    }

    [Fact]
    public void A_full_site_looks_for_room_at_most_once_a_second()
    {
        Report("/a", 1, Noon, mostPages: 1);
        Report("/a", 0, Noon, mostPages: 1);
        var heard = Noon + TimeSpan.FromHours(1);
        site.Expire(Noon + Lease + PageCounter.Remember);
        Assert.False(Report("/b", 1, heard, mostPages: 1));

        // There would be room, and whoever asks again soon gets it.
        Assert.False(Report("/b", 1, heard.AddMilliseconds(500), mostPages: 1));
        Assert.False(Report("/b", 1, heard.AddMilliseconds(999), mostPages: 1));
        Assert.True(Report("/b", 1, heard.AddSeconds(1), mostPages: 1));
    }

    [Fact]
    public void A_page_that_nobody_ever_looked_at_is_neither_stored_nor_kept()
    {
        Report("/a", 0, Noon);
        Assert.Empty(site.Save(Noon).Pages);
        site.Expire(Noon.AddMinutes(30));
        Assert.Equal(1, site.PageCount);
        site.Expire(Noon.AddMinutes(61));
        Assert.Equal(0, site.PageCount);
    }

    [Fact]
    public void Pages_are_forgotten_two_years_after_they_were_last_heard_of()
    {
        Report("/old", 1, Noon);
        Report("/held", 1, Noon);
        site.Settle(Noon);
        site.Expire(Noon + Lease);
        var later = Noon + Lease + TimeSpan.FromDays(731);
        Report("/held", 1, later);
        site.Expire(later);
        Assert.False(site.Tidy(later));
        Assert.True(site.Tidy(later.AddMinutes(1)));
        Assert.Null(site.Find("/old"));
        Assert.NotNull(site.Find("/held"));
    }

    [Fact]
    public void A_stored_site_comes_back_without_its_viewers()
    {
        Report("/a", 2, Noon);
        site.Settle(Noon);
        var restored = new SiteCounter(site.Save(Noon.AddSeconds(5)), Lease, Noon.AddMinutes(1));
        Assert.Equal((0, 2, 2L), (restored.Tally.Viewers, restored.Tally.Peak, restored.Tally.Arrivals));
        Assert.Equal((0, 2, 2L), (restored.Find("/a")!.Viewers, restored.Find("/a")!.Peak, restored.Find("/a")!.Arrivals));
    }

    [Fact]
    public void A_stored_site_with_a_page_twice_or_missing_is_refused()
    {
        Report("/a", 2, Noon);
        var state = site.Save(Noon);
        Assert.Throws<InvalidDataException>(() => new SiteCounter(state with { Pages = [state.Pages[0], state.Pages[0]] }, Lease, Noon));
        Assert.Throws<InvalidDataException>(() => new SiteCounter(state with { Pages = [null!] }, Lease, Noon));
    }

    private bool Report(string path, int viewers, DateTimeOffset now, int mostPages = 100) =>
        site.TryApply("g", new PageReport(new(Name, path), 1, ++sequence, viewers, viewers), mostPages, now, out _, out _);
}
