using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Xunit;

namespace Counter.Counting.Tests.Totals;

public sealed class PageTotalsTests
{
    private static readonly PageKey Page = new("example.com", "/");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PageTotals counter = new(Page, new Tally(Noon));

    [Fact]
    public void An_outdated_report_is_ignored()
    {
        Report(1, 7, 3, 3, Noon);
        Report(1, 7, 9, 9, Noon.AddSeconds(10));
        Report(1, 6, 9, 9, Noon.AddSeconds(10));
        Assert.Equal((3, 3, 3L), (counter.Tally.Viewers, counter.Tally.Peak, counter.Tally.Arrivals));
    }

    [Fact]
    public void Stored_arrivals_are_not_counted_again()
    {
        Report(5, 6, 2, 2, Noon);
        var restored = new PageTotals(Page, new Tally(counter.Tally.Save(Noon), Noon), counter.Opened, counter.Arrivals);
        restored.Apply(new PageReport(Page, 5, 9, 3, 4), Noon);
        Assert.Equal((3, 4L), (restored.Tally.Viewers, restored.Tally.Arrivals));
    }

    [Fact]
    public void Absurd_numbers_are_limited()
    {
        for (var i = 1; i < 50; i++)
        {
            Report(i, i, int.MaxValue, long.MaxValue, Noon);
        }

        Assert.Equal(int.MaxValue, counter.Tally.Viewers);
        Assert.True(counter.Tally.Arrivals > 0);
        counter.Tally.Pass(Noon.AddYears(1));
        Report(50, 50, -5, -5, Noon.AddYears(1));
        Assert.Equal(0, counter.Tally.Viewers);
    }

    [Fact]
    public void A_page_opened_again_counts_arrivals_from_zero()
    {
        Report(1, 1, 1, 5, Noon);
        Report(1, 2, 0, 5, Noon);
        Report(3, 3, 1, 2, Noon);
        Assert.Equal(7, counter.Tally.Arrivals);
    }

    [Fact]
    public void The_version_rises_with_every_change_and_with_the_clock()
    {
        var before = counter.Tally.Version;
        Report(1, 1, 1, 1, Noon);
        var first = counter.Tally.Version;
        Report(1, 2, 1, 2, Noon);
        Assert.Equal(first, counter.Tally.Version);
        Report(1, 3, 2, 3, Noon.AddDays(-1));
        Assert.True(before < first && first < counter.Tally.Version);

        var restored = new Tally(counter.Tally.Save(Noon), Noon.AddSeconds(1));
        Assert.True(counter.Tally.Version < restored.Version);
    }

    [Fact]
    public void The_version_continues_after_one_from_a_clock_that_was_ahead()
    {
        var followed = counter.Tally.Version + 5000;
        counter.Tally.Follow(followed);
        Assert.Equal(followed + 1, counter.Tally.Version);
        counter.Tally.Follow(followed - 1);
        Assert.Equal(followed + 1, counter.Tally.Version);
        Report(1, 1, 1, 1, Noon);
        Assert.Equal(followed + 2, counter.Tally.Version);
    }

    [Fact]
    public void The_peak_is_dated_when_it_was_first_reached()
    {
        Report(1, 1, 2, 2, Noon);
        Report(1, 2, 1, 2, Noon.AddMinutes(1));
        Assert.Equal((2, Noon, Noon), (counter.Tally.Peak, counter.Tally.PeakAt, counter.Tally.Since));
        Report(1, 3, 3, 3, Noon.AddMinutes(2));
        Assert.Equal((3, Noon.AddMinutes(2)), (counter.Tally.Peak, counter.Tally.PeakAt));
    }

    private void Report(long opened, long sequence, int viewers, long arrivals, DateTimeOffset now) =>
        counter.Apply(new PageReport(Page, opened, sequence, viewers, arrivals), now);
}
