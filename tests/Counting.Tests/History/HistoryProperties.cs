using System.Text.Json;
using Counter.Counting.History;
using Counter.Counting.Totals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.History;

public sealed class HistoryProperties
{
    private static readonly DateTimeOffset Start = new(2026, 2, 27, 23, 58, 30, 250, TimeSpan.Zero);

    private static readonly Gen<TimeSpan> Wait = Gen.Frequency(
        (2, Gen.Constant(TimeSpan.Zero)),
        (6, Gen.Choose(1, 90_000).Select(ms => TimeSpan.FromMilliseconds(ms))),
        (4, Gen.Choose(1, 200).Select(minutes => TimeSpan.FromMinutes(minutes))),
        (2, Gen.Choose(1, 100).Select(hours => TimeSpan.FromHours(hours))),
        (1, Gen.Choose(1, 900).Select(days => TimeSpan.FromDays(days))));

    private static readonly Gen<Happening> Happenings =
        from wait in Wait
        from viewers in Gen.Choose(0, 3)
        from arrivals in Gen.Choose(0, 2)
        from restart in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Happening(wait, viewers, arrivals, restart);

    [Fact]
    public void Every_point_equals_the_sum_of_all_reports_across_restarts() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(Happenings.ListOf()), AgreesWithModel));

    [Fact]
    public void A_partial_range_equals_that_part_of_the_full_history() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            Arb.From(Gen.Choose(-3_000, 200).Two()),
            range =>
            {
                var (now, tally) = (Start, new Tally(Start - TimeSpan.FromHours(20)));
                tally.Observe(2, 2, now - TimeSpan.FromHours(20));
                tally.Observe(0, 0, now - TimeSpan.FromHours(3));
                var (from, to) = (now + TimeSpan.FromMinutes(range.Item1), now + TimeSpan.FromMinutes(range.Item2));
                var whole = tally.Read(HistoryStep.Minute, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, now);
                return whole.Count == 1_441 && tally.Read(HistoryStep.Minute, from, to, now).SequenceEqual(
                    from < to ? whole.Where(p => p.Start + TimeSpan.FromMinutes(1) > from && p.Start < to) : []);
            }));

    private static bool AgreesWithModel(IList<Happening> happenings)
    {
        var now = Start;
        var tally = new Tally(now);
        var model = new NaiveHistory();
        foreach (var happening in happenings)
        {
            now += happening.Wait;
            if (happening.Restart)
            {
                tally = new Tally(ThroughJson(tally.Save(now)), now);
                model.Observe(now.ToUnixTimeMilliseconds(), 0, 0);
            }

            tally.Observe(happening.Viewers, happening.Arrivals, now);
            model.Observe(now.ToUnixTimeMilliseconds(), happening.Viewers, happening.Arrivals);
        }

        now += TimeSpan.FromSeconds(7);
        foreach (var step in Enum.GetValues<HistoryStep>())
        {
            var expected = model.Read(step, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, now.ToUnixTimeMilliseconds());
            Assert.Equal(expected, tally.Read(step, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, now));
        }

        return true;
    }

    private static TallyState ThroughJson(TallyState state) =>
        JsonSerializer.Deserialize<TallyState>(JsonSerializer.Serialize(state))!;

    private sealed record Happening(TimeSpan Wait, int Viewers, int Arrivals, bool Restart);
}
