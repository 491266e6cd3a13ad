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

    [Fact]
    public void Numbers_stay_within_what_is_open_and_return_to_it() =>
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

    [Fact]
    public void One_tab_is_one_viewer_of_its_newest_page_however_long_browsers_keep_the_others() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(
            Arb.From((from read in Gen.Choose(100, 90_000)
                      from kept in Gen.Frequency((3, Gen.Choose(100, 90_000)), (2, Gen.Choose(-1_500, 0)))
                      select (read, kept)).ListOf()),
            walk => new OneTab().Walk(walk)));

    [Fact]
    public void A_whole_class_is_right_again_65_seconds_after_the_last_of_them_moved() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(
            Arb.From(Gen.Choose(0, 29).Two().ListOf()),
            moves => new SchoolClass().Move(moves)));

    internal enum What
    {
        Open,
        Close,
        Wait,
        Midnight,
    }

    internal readonly record struct Happening(What What, int Which, int Page);

    private sealed class OneTab : PresenceTest
    {
        /// <summary>Each page is read for a time and then kept for another, 60 s at most; below 0, it closes before the next opens.</summary>
        public void Walk(List<(int Read, int Kept)> walk)
        {
            var left = new List<(Opened Stream, DateTimeOffset Until)>();
            for (var i = 0; i < walk.Count; i++)
            {
                var stream = Open($"/{i}", Weak);
                for (var rest = walk[i].Read; rest > 0; rest -= 500)
                {
                    Wait(Math.Min(rest, 500) / 1000.0);
                    LetGo();
                    Assert.Equal((1, 1), (Viewers($"/{i}"), SiteViewers));
                }

                if (walk[i].Kept > 0)
                {
                    left.Add((stream, Clock.GetUtcNow().AddMilliseconds(Math.Min(walk[i].Kept, 60_000))));
                    continue;
                }

                Close(stream);
                Wait(walk[i].Kept / -2000.0);
                LetGo();
                Wait(walk[i].Kept / -2000.0);
                Assert.Equal(0, SiteViewers);
            }

            Close([.. left.Select(page => page.Stream)]);
            AssertEmpty();

            void LetGo()
            {
                Close([.. left.Where(page => page.Until <= Clock.GetUtcNow()).Select(page => page.Stream)]);
                left.RemoveAll(page => page.Until <= Clock.GetUtcNow());
            }
        }
    }

    private sealed class SchoolClass : PresenceTest
    {
        /// <summary>Thirty behind one address; each that moves leaves its stream open for a minute.</summary>
        public void Move(List<(int Pupil, int Page)> moves)
        {
            var pages = Enumerable.Repeat(0, 30).ToArray();
            var streams = pages.Select(_ => Open("/0", Weak)).ToArray();
            var left = new List<Opened>();
            foreach (var (pupil, page) in moves)
            {
                left.Add(streams[pupil]);
                streams[pupil] = Open($"/{page}", Weak);
                pages[pupil] = page;
                Wait(1);
                Assert.InRange(SiteViewers, 30 - Math.Min(moves.Count, 30), 30 + left.Count);
            }

            Wait(59);
            Close([.. left]);
            Wait(6);
            Assert.All(Enumerable.Range(0, 30), page => Assert.Equal(pages.Count(at => at == page), Viewers($"/{page}")));
            Close(streams);
            AssertEmpty();
        }
    }
}
