using Xunit;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>How near the numbers are to the people who have a page on the screen. The table is in docs/accuracy.md.</summary>
public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    private const int Seed = 2012;
    private const double Site = 0.02;
    private const double Pages = 0.04;

    [Fact]
    public void With_forward_steps_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Report("forward", Habits.Plain).Picture.FromTruth, Site, Pages);

    [Fact]
    public void With_everybody_told_apart_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Report("forward, no shared addresses", Habits.Plain with { Sharing = 0 }).Picture.FromTruth, Site, Pages);

    [Fact]
    public void With_steps_back_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Report("+ back", Habits.Plain with { Back = Habits.Full.Back }).Picture.FromTruth, Site, Pages);

    [Fact]
    public void With_second_tabs_the_same_holds_of_open_tabs() =>
        AssertWithin(Report("+ back and second tabs", Habits.Full).Picture.FromOpenPages, Site, Pages);

    [Fact]
    public void Two_hundred_people_behind_one_address_are_counted_no_worse_than_without_suspicion()
    {
        var day = Report("200 behind one address", Habits.Plain with { Crowd = true });
        AssertWithin(day.Picture.FromTruth, day.Unsuspecting.FromTruth.Site, day.Unsuspecting.FromTruth.Pages);
    }

    private static void AssertWithin(Deviation shown, double site, double pages)
    {
        Assert.InRange(shown.Site, 0, site);
        Assert.InRange(shown.Pages, 0, pages);
    }

    private Result Report(string name, Habits habits)
    {
        var plan = new Plan(Seed, habits);
        var connections = new SimulatedDay(plan, _ => new Connections()).Run();
        var frame = new SimulatedDay(plan, clock => new CounterItself(clock, embed: true), embed: true).Run();
        var (often, seldom, never) = (Count(plan, 5), Count(plan, 60), Count(plan, 0));
        var result = new Result(Count(plan, 15), Count(plan, 15, suspects: false));
        output.WriteLine($"""
            {name,-34}      in front        open tabs
                                                site   pages    site   pages
            (a) open connections               {Row(connections)}
            (b) Counter, <img>                 {Row(result.Picture)}
            (c) Counter, <iframe>              {Row(frame)}
            (b) with a probe every 5 s         {Row(often)}
            (b) with a probe every 60 s        {Row(seldom)}
            (b) without periodic probes        {Row(never)}
            (b) without suspicion              {Row(result.Unsuspecting)}
            """);
        return result;
    }

    private static string Row(SimulatedDay day) => $"{day.FromTruth} {day.FromOpenPages}";

    private static SimulatedDay Count(Plan plan, double interval, bool suspects = true) =>
        new SimulatedDay(plan, clock => new CounterItself(clock, interval: interval, suspects: suspects)).Run();

    private sealed record Result(SimulatedDay Picture, SimulatedDay Unsuspecting);
}
