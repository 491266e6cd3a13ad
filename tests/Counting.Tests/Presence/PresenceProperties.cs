using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class PresenceProperties
{
    private static readonly Gen<Happening> Opens =
        from visitor in Gen.Choose(0, 5)
        from page in Gen.Choose(0, 3)
        select new Happening(What.Open, visitor, page);

    private static readonly Gen<Happening> Closes = Gen.Choose(0, 100).Select(which => new Happening(What.Close, which, 0));

    private static readonly Gen<Happening> Waits = Gen.Frequency(
            (3, Gen.Choose(1, 3_000)),
            (1, Gen.Choose(1, 70_000)))
        .Select(milliseconds => new Happening(What.Wait, milliseconds, 0));

    // What people do, mixed at random: closes take any stream, so left pages, killed tabs and “back” are all among them.
    private static readonly Gen<List<Happening>> Days = Gen.Frequency(
            (5, Opens),
            (4, Closes),
            (4, Waits),
            (1, Gen.Constant(new Happening(What.Midnight, 0, 0))))
        .ListOf();

    private static readonly Gen<Step> Steps =
        from what in Gen.Frequency(
            (6, Gen.Constant(Move.Follow)),
            (2, Gen.Constant(Move.Back)),
            (1, Gen.Constant(Move.Close)),
            (1, Gen.Constant(Move.LeaveSite)),
            (6, Gen.Constant(Move.Wait)))
        from tab in Gen.Choose(0, 7)
        from page in Gen.Frequency((3, Gen.Choose(0, 400)), (1, Gen.Choose(0, 2_000)))
        select new Step(what, tab, page);

    [Fact]
    public void Numbers_never_exceed_open_pages_and_converge_to_them() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60), Prop.ForAll(
            Arb.From(Days),
            day =>
            {
                var model = new PresenceModel();
                foreach (var happening in day)
                {
                    model.Do(happening);
                    model.AssertWithinBounds();
                }

                model.Do(new Happening(What.Wait, 65_000, 0));
                model.AssertEverythingOpenCounts();
                model.CloseAll();
            }));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Soon_after_the_last_step_exactly_the_open_pages_count(int sharing) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60), Prop.ForAll(
            Arb.From(Steps.ListOf()),
            steps =>
            {
                var tabs = new SimulatedTabs(sharing);
                foreach (var step in steps)
                {
                    tabs.Do(step);
                }

                tabs.AssertEveryOpenPageCounts();
            }));

    internal enum Move
    {
        Follow,
        Back,
        Close,
        LeaveSite,
        Wait,
    }

    internal readonly record struct Step(Move What, int Tab, int Page);

    internal enum What
    {
        Open,
        Close,
        Wait,
        Midnight,
    }

    internal readonly record struct Happening(What What, int Which, int Page);
}
