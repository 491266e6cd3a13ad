using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Sites;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>The sum of a site, whatever order the answers of its pages come in.</summary>
public sealed class SitePagesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SitePages pages = new("example.com", new Tally(Now));

    [Fact]
    public void A_late_answer_of_an_activation_that_is_gone_is_not_taken()
    {
        pages.Learn(News(activation: 7, version: 10, revision: 5, viewers: 3, arrivals: 3));
        pages.Learn(News(activation: 8, version: 20, revision: 1, viewers: 1, arrivals: 4));
        pages.Learn(News(activation: 7, version: 11, revision: 6, viewers: 2, arrivals: 3));
        pages.Learn(News(activation: 8, version: 21, revision: 2, viewers: 2, arrivals: 5));
        pages.Settle(Now);
        Assert.Equal((2, 5L), (pages.Tally.Viewers, pages.Tally.Arrivals));
    }

    [Fact]
    public void An_activation_whose_clock_is_behind_is_taken_when_it_is_asked()
    {
        var known = News(activation: 7, version: 20, revision: 5, viewers: 0, arrivals: 3);
        pages.Learn(known);
        Assert.False(pages.IsInDoubt);
        Assert.Empty(pages.Questions);
        var newer = News(activation: 8, version: 19, revision: 1, viewers: 2, arrivals: 4);
        pages.Learn(newer);
        Assert.True(pages.IsInDoubt);
        Assert.True(pages.Correct(Assert.Single(pages.Questions), newer));
        pages.Settle(Now);
        Assert.Equal((2, 4L, false), (pages.Tally.Viewers, pages.Tally.Arrivals, pages.IsInDoubt));
    }

    [Fact]
    public void A_page_that_its_grain_does_not_know_has_no_viewers()
    {
        var known = News(activation: 7, version: 20, revision: 5, viewers: 2, arrivals: 3);
        pages.Learn(known);
        Assert.True(pages.Correct(known, Unknown));
        pages.Settle(Now);
        Assert.Equal((0, 0, 3L), (pages.Tally.Viewers, pages.Active, pages.Tally.Arrivals));
        Assert.Empty(pages.Questions);
    }

    [Fact]
    public void What_was_learnt_since_a_page_was_asked_is_not_undone()
    {
        var known = News(activation: 7, version: 20, revision: 5, viewers: 2, arrivals: 3);
        pages.Learn(known);
        pages.Learn(News(activation: 8, version: 30, revision: 1, viewers: 4, arrivals: 3));
        Assert.False(pages.Correct(known, Unknown));
        pages.Settle(Now);
        Assert.Equal(4, pages.Tally.Viewers);
    }

    [Fact]
    public void Arrivals_that_a_page_is_told_once_more_after_its_silo_was_killed_count_once()
    {
        pages.Learn(News(activation: 7, version: 10, revision: 5, viewers: 90, arrivals: 100));
        pages.Learn(News(activation: 8, version: 20, revision: 1, viewers: 0, arrivals: 0) with { Since = null });
        pages.Learn(News(activation: 8, version: 21, revision: 2, viewers: 40, arrivals: 60));
        pages.Learn(News(activation: 8, version: 22, revision: 3, viewers: 90, arrivals: 100));
        pages.Settle(Now);
        Assert.Equal((90, 100L), (pages.Tally.Viewers, pages.Tally.Arrivals));
        pages.Learn(News(activation: 8, version: 23, revision: 4, viewers: 91, arrivals: 101));
        pages.Settle(Now);
        Assert.Equal((91, 101L, 101L), (pages.Tally.Viewers, pages.Tally.Arrivals, pages.Find("/")!.Arrivals));
    }

    [Fact]
    public void The_arrivals_of_a_page_that_is_reset_begin_anew_and_those_of_the_site_do_not()
    {
        pages.Learn(News(activation: 7, version: 10, revision: 5, viewers: 1, arrivals: 100));
        pages.Renew(News(activation: 7, version: 10, revision: 6, viewers: 1, arrivals: 0));
        pages.Learn(News(activation: 7, version: 11, revision: 7, viewers: 2, arrivals: 1));
        pages.Settle(Now);
        Assert.Equal((101L, 1L), (pages.Tally.Arrivals, pages.Find("/")!.Arrivals));
    }

    private static PageNews Unknown => new("", false, default, 0, 0, null, 0, null, default);

    private static PageNews News(long activation, long version, long revision, int viewers, long arrivals) =>
        new("/", true, new NumberTold(version, viewers, activation), revision, viewers, Now, arrivals, Now, Now);
}
