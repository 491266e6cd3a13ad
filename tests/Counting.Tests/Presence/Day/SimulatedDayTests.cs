using Xunit;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>The error of the numbers against the people who have a page on the screen. The table is in docs/accuracy.md.</summary>
public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    private const int Seed = 2012;
    private const double Site = 0.02;
    private const double Pages = 0.04;

    // Makes the table of docs/accuracy.md, too: three times the work.
    private static readonly bool Table = Environment.GetEnvironmentVariable("COUNTER_TABLE") is not null;

    [Fact]
    public void With_forward_steps_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Simulate("forward", Habits.Plain).FromTruth, Site, Pages);

    [Fact]
    public void With_strong_identities_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Simulate("forward, no shared addresses", Habits.Plain with { Sharing = 0 }).FromTruth, Site, Pages);

    [Fact]
    public void With_steps_back_the_site_errs_by_2_percent_at_most_and_pages_by_4() =>
        AssertWithin(Simulate("+ back", Habits.Plain with { Back = Habits.Full.Back }).FromTruth, Site, Pages);

    [Fact]
    public void With_second_tabs_the_same_holds_of_open_tabs() =>
        AssertWithin(Simulate("+ back and second tabs", Habits.Full).FromOpenPages, Site, Pages);

    [Fact]
    public void Behind_one_address_two_hundred_people_are_counted_no_worse_than_without_suspicion()
    {
        var habits = Habits.Plain with { Crowd = true };
        var unsuspecting = Count(new Plan(Seed, habits), 15, suspects: false).FromTruth;
        AssertWithin(Simulate("200 behind one address", habits).FromTruth, unsuspecting.Site, unsuspecting.Pages);
    }

    private static void AssertWithin(Deviation shown, double site, double pages)
    {
        Assert.InRange(shown.Site, 0, site);
        Assert.InRange(shown.Pages, 0, pages);
    }

    private SimulatedDay Simulate(string name, Habits habits)
    {
        var plan = new Plan(Seed, habits);
        var picture = Count(plan, 15);
        if (Table)
        {
            output.WriteLine($"""
                {name,-34}      in front        open tabs
                                                    site   pages    site   pages
                (a) open connections               {Row(new SimulatedDay(plan, _ => new Connections()).Run())}
                (b) Counter, <img>                 {Row(picture)}
                (c) Counter, <iframe>              {Row(new SimulatedDay(plan, clock => new CounterItself(clock, embed: true), embed: true).Run())}
                (b) with a probe every 5 s         {Row(Count(plan, 5))}
                (b) with a probe every 60 s        {Row(Count(plan, 60))}
                (b) without periodic probes        {Row(Count(plan, 0))}
                (b) without suspicion              {Row(Count(plan, 15, suspects: false))}
                """);
        }

        return picture;
    }

    private static string Row(SimulatedDay day) => $"{day.FromTruth} {day.FromOpenPages}";

    private static SimulatedDay Count(Plan plan, double interval, bool suspects = true) =>
        new SimulatedDay(plan, clock => new CounterItself(clock, interval: interval, suspects: suspects)).Run();
}
