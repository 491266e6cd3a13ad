using Counter.Counting.Pages;
using Counter.Counting.Presence;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Decider = Counter.Counting.Presence.Presence;

namespace Counter.Counting.Tests.Presence.Gateways;

public sealed class MeshProperties
{
    private const int Gateways = 3;

    private static readonly Gen<Happening> Opens = OpensOf(pictures: 3);

    private static readonly Gen<Happening> Closes = Gen.Choose(0, 100).Select(which => new Happening(What.Close, which));

    private static readonly Gen<Happening> Waits = Gen.Frequency((3, Gen.Choose(1, 3_000)), (1, Gen.Choose(1, 70_000)))
        .Select(milliseconds => new Happening(What.Wait, milliseconds));

    // Pages of several pictures are shared out anew as they close, one gateway after the other, so they agree in the end but not at every step.
    private static readonly Gen<Happening> Peaceful = DaysOf(OpensOf(pictures: 1));

    private static readonly Gen<Happening> Troubled = Gen.Frequency(
        (5, DaysOf(Opens)),
        (4, from wire in Gen.Choose(0, 5) from most in Gen.Choose(1, 5) select new Happening(What.Deliver, wire, most)),
        (1, Gen.Choose(0, 5).Select(wire => new Happening(What.Cut, wire))),
        (1, Gen.Choose(0, 5).Select(wire => new Happening(What.GiveUp, wire))),
        (1, Gen.Choose(0, 5).Select(wire => new Happening(What.Connect, wire))));

    private static Gen<Happening> OpensOf(int pictures) =>
        from visitor in Gen.Choose(0, 5)
        from page in Gen.Choose(0, 3)
        from picture in Gen.Choose(0, pictures - 1)
        from at in Gen.Choose(0, Gateways - 1)
        select new Happening(What.Open, visitor, page, picture, at);

    private static Gen<Happening> DaysOf(Gen<Happening> opens) => Gen.Frequency(
        (5, opens), (4, Closes), (3, Waits), (1, Gen.Constant(new Happening(What.Midnight))));

    [Fact]
    public void Gateways_that_hear_of_everything_at_once_count_as_one_would() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(80), Prop.ForAll(
            Days(Peaceful),
            day =>
            {
                var model = new Model(prompt: true);
                foreach (var happening in day)
                {
                    model.Do(happening);
                    model.AssertAsOneWould();
                }

                model.Mesh.AssertEmpty();
            }));

    [Fact]
    public void Whatever_is_late_or_lost_every_view_counts_once_65_seconds_after_all_was_heard() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(100), Prop.ForAll(
            Days(Troubled),
            day =>
            {
                var model = new Model(prompt: false);
                foreach (var happening in day)
                {
                    model.Do(happening);
                    Assert.InRange(model.Mesh.SiteViewers, 0, model.Mesh.Open);
                }

                model.Mesh.Heal();
                model.Mesh.Wait(66);
                model.Mesh.DeliverAll();
                model.Mesh.AssertEachViewCountsOnce();
                model.AssertWithinPictures();
                model.Mesh.AssertEmpty();
            }));

    /// <summary>Days of which a part that fails as well is shown instead.</summary>
    private static Arbitrary<Happening[]> Days(Gen<Happening> happening) => Arb.From(happening.ArrayOf(), Parts);

    private static IEnumerable<Happening[]> Parts(Happening[] day)
    {
        for (var less = day.Length; less > 0; less /= 2)
        {
            for (var at = 0; at + less <= day.Length; at += less)
            {
                yield return [.. day[..at], .. day[(at + less)..]];
            }
        }
    }

    internal enum What
    {
        Open,
        Close,
        Wait,
        Midnight,
        Deliver,
        Cut,
        GiveUp,
        Connect,
    }

    internal readonly record struct Happening(What What, int Which = 0, int Page = 0, int Picture = 0, int At = 0);

    private sealed class Model(bool prompt)
    {
        private readonly Audience audience = new();
        private readonly List<(PresenceTicket Here, PresenceTicket? Single)> open = [];
        private Decider? single;
        private VisitorKey? cookie = PresenceTest.Strong with { Id = 4 };
        private ulong day;

        public Mesh Mesh { get; } = new(Gateways) { Prompt = prompt };

        public void Do(Happening happening)
        {
            single ??= new Decider(audience, Mesh.Clock, _ => { });
            switch (happening.What)
            {
                case What.Open:
                    var arrival = Arrival(happening);
                    open.Add((Mesh.Look(happening.At, arrival).Ticket, single.Open(arrival, new OpenResponse())));
                    break;
                case What.Close when open.Count > 0:
                    var (here, there) = open[happening.Which % open.Count];
                    open.RemoveAt(happening.Which % open.Count);
                    Mesh.Close(here);
                    single.Close(there!);
                    break;
                case What.Wait:
                    for (var rest = happening.Which; rest > 0; rest -= 1000)
                    {
                        Mesh.Wait(Math.Min(rest, 1000) / 1000.0);
                        single.Tick();
                    }

                    break;
                case What.Midnight:
                    day = 1;
                    break;
                case What.Deliver:
                    Mesh.Wires[happening.Which].Deliver(happening.Page);
                    break;
                case What.Cut:
                    Mesh.Wires[happening.Which].Cut();
                    break;
                case What.GiveUp when !Mesh.Wires[happening.Which].IsUp:
                    Mesh.Wires[happening.Which].GiveUp();
                    break;
                case What.Connect when !Mesh.Wires[happening.Which].IsUp:
                    Mesh.Wires[happening.Which].Connect();
                    break;
                default:
                    break;
            }
        }

        public void AssertAsOneWould()
        {
            for (var page = 0; page < 4; page++)
            {
                Assert.Equal(audience.Viewers(CountKey.ForPage(new PageKey(PresenceTest.Site, $"/{page}"))), Mesh.Viewers($"/{page}"));
            }

            Assert.Equal(audience.All, Mesh.SiteViewers);
            Assert.All(Mesh.Nodes, node => Assert.Equal(single?.CountVisitors(PresenceTest.Site) ?? 0, node.Visitors));
        }

        /// <summary>Pictures can be of one load or of several, but the same picture twice is two.</summary>
        public void AssertWithinPictures()
        {
            var streams = Mesh.Nodes.SelectMany(node => node.Streams()).ToList();
            var least = streams.GroupBy(stream => (stream.Page, stream.Visitor))
                .Sum(spot => spot.GroupBy(stream => stream.Picture).Max(picture => picture.Count()));
            Assert.InRange(Mesh.SiteViewers, least, streams.Count);
        }

        /// <summary>The cookie of visitor 4, who was visitor 3 until it came; no cookie is given twice.</summary>
        private VisitorKey? TakeCookie()
        {
            var taken = cookie;
            cookie = null;
            return taken;
        }

        /// <summary>Visitors 0 to 3 are known by their address, whose hash changes at midnight; 4 and 5 have a cookie.</summary>
        private Arrival Arrival(Happening happening)
        {
            var id = happening.Which == 4 && cookie is not null ? 5 : (ulong)happening.Which;
            var page = new PageKey(PresenceTest.Site, $"/{happening.Page}");
            var picture = $"/{happening.Picture}";
            return happening.Which >= 4
                ? new Arrival(page, PresenceTest.Strong with { Id = id }, picture)
                : new Arrival(page, PresenceTest.Weak with { Id = id + 100 * day }, picture)
                {
                    Before = day > 0 ? PresenceTest.Weak with { Id = id } : null,

                    // What is probed is known where the stream is, and elsewhere only roughly.
                    Settles = happening.Which % 2 == 0 ? SettledBy.Nothing : SettledBy.Itself,
                    Issued = happening.Which == 3 && (happening.Picture == 2 || prompt) ? TakeCookie() : null,
                };
        }
    }
}
