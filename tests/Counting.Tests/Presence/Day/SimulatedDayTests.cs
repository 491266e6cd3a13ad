using Xunit;

namespace Counter.Counting.Tests.Presence.Day;

public sealed class SimulatedDayTests(ITestOutputHelper output)
{
    private const int Seed = 2012;

    [Fact]
    public void A_day_is_counted()
    {
        foreach (var sharing in new[] { Habits.Plain with { Sharing = 0 }, Habits.Plain, Habits.Plain with { Back = 1 / 7.0 }, Habits.Plain with { SecondTab = 1 / 20.0 }, Habits.Full })
        {
            var plan = new Plan(Seed, sharing);
            var connections = new SimulatedDay(plan, _ => new Connections()).Run();
            var best = new SimulatedDay(plan, _ => new PerfectIdentity()).Run();
            var image = new SimulatedDay(plan, clock => new CounterItself(clock)).Run();
            var embed = new SimulatedDay(plan, clock => new CounterItself(clock), embed: true).Run();
            var bestEmbed = new SimulatedDay(plan, _ => new PerfectIdentity(), embed: true).Run();
            output.WriteLine($"sharing {sharing}  site  pages");
            output.WriteLine($"connections        {connections.Shown}");
            output.WriteLine($"Counter, img       {image.Shown}");
            output.WriteLine($"Counter, iframe    {embed.Shown}");
            output.WriteLine($"last pages         {image.LastPages}");
            output.WriteLine($"perfect identity   {best.Shown}");
            output.WriteLine($"perfect, iframe    {bestEmbed.Shown}");
        }
    }
}
