using Xunit;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>How near the numbers are to the people who have a page on the screen. The table is in docs/accuracy.md.</summary>
public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    private const int Seed = 2012;

    [Fact]
    public void On_a_day_of_forward_steps_the_picture_errs_by_little_more_than_the_last_pages_and_the_frame_by_less_than_3_percent()
    {
        var day = Report("forward", Habits.Plain);
        Assert.InRange(day.Picture.Site, 0, day.LastPages.Site + 0.02);
        Assert.InRange(day.Picture.Site, 0, day.Connections.Site / 3);
        Assert.InRange(day.Frame.Site, 0, 0.03);
        Assert.InRange(day.Frame.Pages, 0, 0.03);
        Assert.InRange(day.Picture.Pages, 0, day.Connections.Pages / 3);

        // Behind a shared address nobody can tell whose page was left: that is the rest.
        Assert.InRange(day.Picture.Pages, 0, day.LastPages.Pages + 0.05);
    }

    [Fact]
    public void With_everybody_told_apart_only_what_browsers_hide_is_left()
    {
        var day = Report("forward, no shared addresses", Habits.Plain with { Sharing = 0 });
        Assert.InRange(day.Picture.Site, 0, day.LastPages.Site + 0.02);
        Assert.InRange(day.Picture.Pages, 0, day.LastPages.Pages + 0.02);
        Assert.InRange(day.Picture.Pages, 0, day.PerfectIdentity.Pages + 0.001);
        Assert.InRange(day.Frame.Pages, 0, 0.01);
    }

    [Fact]
    public void Going_back_costs_what_no_server_can_see_and_little_more()
    {
        var day = Report("+ back", Habits.Plain with { Back = Habits.Full.Back });
        Assert.InRange(day.Picture.Site, 0, day.LastPages.Site + 0.02);
        Assert.InRange(day.Picture.Pages, 0, day.PerfectIdentity.Pages + 0.05);
        Assert.InRange(day.Picture.Pages, 0, day.Connections.Pages / 3);
        Assert.InRange(day.Frame.Pages, 0, 0.03);
    }

    [Fact]
    public void Tabs_in_the_background_count_after_a_while()
    {
        var day = Report("+ back and second tabs", Habits.Full);
        Assert.InRange(day.Picture.Site, 0, day.LastPages.Site + 0.08);
        Assert.InRange(day.Picture.Site, 0, day.Connections.Site / 3);
        Assert.InRange(day.Picture.Pages, 0, day.Connections.Pages / 2);
        Assert.InRange(day.Frame.Site, 0, 0.08);
    }

    private Result Report(string name, Habits habits)
    {
        var plan = new Plan(Seed, habits);
        var picture = new SimulatedDay(plan, clock => new CounterItself(clock)).Run();
        var result = new Result(
            new SimulatedDay(plan, _ => new Connections()).Run().Shown,
            picture.Shown,
            new SimulatedDay(plan, clock => new CounterItself(clock, embed: true), embed: true).Run().Shown,
            picture.LastPages,
            new SimulatedDay(plan, _ => new PerfectIdentity()).Run().Shown);
        output.WriteLine($"""
            {name,-34}   site   pages
            (a) connections                    {result.Connections}
            (b) Counter, <img>                 {result.Picture}
            (c) Counter, <iframe>              {result.Frame}
            unavoidable: last pages            {result.LastPages}
            best that streams can tell (<img>) {result.PerfectIdentity}
            """);
        return result;
    }

    private sealed record Result(
        Deviation Connections, Deviation Picture, Deviation Frame, Deviation LastPages, Deviation PerfectIdentity);
}
