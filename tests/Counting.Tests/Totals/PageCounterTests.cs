using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Xunit;

namespace Counter.Counting.Tests.Totals;

public sealed class PageCounterTests
{
    private static readonly PageKey Page = new("example.com", "/");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PageCounter counter = new(Page, Lease, Noon);

    [Fact]
    public void A_lease_ends_exactly_when_its_time_is_over()
    {
        Report("a", 1, 1, 3, 3, Noon);
        counter.Expire(Noon + Lease - TimeSpan.FromTicks(1));
        Assert.Equal(3, counter.Tally.Viewers);
        counter.Expire(Noon + Lease);
        Assert.Equal(0, counter.Tally.Viewers);
    }

    [Fact]
    public void A_report_that_is_not_newer_renews_nothing()
    {
        Report("a", 1, 7, 3, 3, Noon);
        Report("a", 1, 7, 3, 3, Noon.AddSeconds(10));
        Report("a", 1, 6, 9, 9, Noon.AddSeconds(10));
        counter.Expire(Noon + Lease);
        Assert.Equal((0, 3, 3L), (counter.Tally.Viewers, counter.Tally.Peak, counter.Tally.Arrivals));
    }

    [Fact]
    public void A_gateway_that_comes_back_does_not_have_its_arrivals_counted_twice()
    {
        Report("a", 5, 5, 2, 2, Noon);
        counter.Expire(Noon.AddMinutes(59));
        Report("a", 5, 6, 3, 4, Noon.AddMinutes(60));
        Assert.Equal((3, 4L), (counter.Tally.Viewers, counter.Tally.Arrivals));
    }

    [Fact]
    public void A_page_opened_again_counts_its_arrivals_from_there()
    {
        Report("a", 1, 1, 1, 5, Noon);
        Report("a", 1, 2, 0, 5, Noon);
        Report("a", 3, 3, 1, 2, Noon);
        Assert.Equal(7, counter.Tally.Arrivals);
    }

    [Fact]
    public void A_late_report_never_brings_viewers_back_that_left_or_whose_lease_ended()
    {
        Report("a", 1, 4, 0, 2, Noon);
        Report("a", 1, 3, 2, 2, Noon);
        Report("b", 1, 4, 2, 2, Noon);
        counter.Expire(Noon.AddMinutes(1));
        Report("b", 1, 3, 2, 2, Noon.AddMinutes(1));
        counter.Expire(Noon.AddMinutes(60));
        Report("b", 1, 3, 2, 2, Noon.AddMinutes(60));
        Assert.Equal((0, 4L), (counter.Tally.Viewers, counter.Tally.Arrivals));
    }

    [Fact]
    public void What_a_gateway_said_is_forgotten_an_hour_after_its_lease_ended()
    {
        Report("a", 1, 1, 1, 1, Noon);
        counter.Expire(Noon + Lease + PageCounter.Remember - TimeSpan.FromTicks(1));
        Assert.True(counter.HasLeases);
        counter.Expire(Noon + Lease + PageCounter.Remember);
        Assert.False(counter.HasLeases);
    }

    [Fact]
    public void After_the_clock_went_back_a_lease_holds_no_longer_than_usual()
    {
        Report("a", 1, 1, 1, 1, Noon);
        counter.Expire(Noon.AddHours(-5));
        Assert.Equal(1, counter.Tally.Viewers);
        counter.Expire(Noon.AddHours(-5) + Lease);
        Assert.Equal(0, counter.Tally.Viewers);
    }

    [Fact]
    public void Absurd_numbers_are_cut_and_do_no_harm()
    {
        foreach (var gateway in Enumerable.Range(0, 50))
        {
            Report($"g{gateway}", 1, 1, int.MaxValue, long.MaxValue, Noon);
            Report($"g{gateway}", 2, 2, int.MaxValue, long.MaxValue, Noon);
        }

        Assert.Equal(int.MaxValue, counter.Tally.Viewers);
        Assert.True(counter.Tally.Arrivals > 0);
        counter.Tally.Pass(Noon.AddYears(1));
        counter.Expire(Noon.AddYears(1));
        Report("a", 1, 1, -5, -5, Noon.AddYears(1));
        Assert.Equal(0, counter.Tally.Viewers);
    }

    [Fact]
    public void The_version_rises_with_every_change_and_is_never_behind_the_clock()
    {
        var before = counter.Tally.Version;
        Report("a", 1, 1, 1, 1, Noon);
        var first = counter.Tally.Version;
        Report("a", 1, 2, 1, 2, Noon);
        Assert.Equal(first, counter.Tally.Version);
        Report("a", 1, 3, 2, 3, Noon.AddDays(-1));
        Assert.True(before < first && first < counter.Tally.Version);

        var restored = new Tally(counter.Tally.Save(Noon), Noon.AddSeconds(1));
        Assert.True(counter.Tally.Version < restored.Version);
    }

    [Fact]
    public void The_version_goes_on_after_what_was_told_by_a_clock_that_was_ahead()
    {
        var told = counter.Tally.Version + 5000;
        counter.Tally.Follow(told);
        Assert.Equal(told + 1, counter.Tally.Version);
        counter.Tally.Follow(told - 1);
        Assert.Equal(told + 1, counter.Tally.Version);
        Report("a", 1, 1, 1, 1, Noon);
        Assert.Equal(told + 2, counter.Tally.Version);
    }

    [Fact]
    public void The_peak_is_dated_when_it_was_first_reached()
    {
        Report("a", 1, 1, 2, 2, Noon);
        Report("a", 1, 2, 1, 2, Noon.AddMinutes(1));
        Report("b", 1, 1, 1, 1, Noon.AddMinutes(1));
        Assert.Equal((2, Noon, Noon), (counter.Tally.Peak, counter.Tally.PeakAt, counter.Tally.Since));
        Report("b", 1, 2, 2, 2, Noon.AddMinutes(2));
        Assert.Equal((3, Noon.AddMinutes(2)), (counter.Tally.Peak, counter.Tally.PeakAt));
    }

    private void Report(string gateway, long opened, long sequence, int viewers, long arrivals, DateTimeOffset now) =>
        counter.Apply(gateway, new PageReport(Page, opened, sequence, viewers, arrivals), now);
}
