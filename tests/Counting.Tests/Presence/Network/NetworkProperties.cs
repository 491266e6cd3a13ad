using Counter.Counting.Pages;
using Counter.Counting.Presence;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Presence.Network;

/// <summary>Several gateways count like one, whatever the network does with their batches, and however often the presence of the site is activated.</summary>
public sealed class NetworkProperties
{
    private const int Gateways = 3;

    private static readonly Gen<Happening> Opens =
        from visitor in Gen.Choose(0, 5)
        from page in Gen.Choose(0, 3)
        from picture in Gen.Choose(0, 2)
        from at in Gen.Choose(0, Gateways - 1)
        select new Happening(What.Open, visitor, page, picture, at);

    private static readonly Gen<Happening> People = Gen.Frequency(
        (5, Opens),
        (4, Gen.Choose(0, 100).Select(which => new Happening(What.Close, which))),
        (3, Gen.Frequency((3, Gen.Choose(1, 3_000)), (1, Gen.Choose(1, 70_000))).Select(milliseconds => new Happening(What.Wait, milliseconds))),
        (1, Gen.Constant(new Happening(What.Midnight))));

    private static readonly Gen<Happening> Troubles =
        from what in Gen.Frequency(
            (8, Gen.Constant(What.Deliver)),
            (1, Gen.Constant(What.Lose)),
            (1, Gen.Constant(What.Repeat)),
            (1, Gen.Constant(What.SendAgain)),
            (1, Gen.Constant(What.Restart)),
            (1, Gen.Constant(What.Expire)))
        from which in Gen.Choose(0, 100)
        from at in Gen.Choose(0, Gateways - 1)
        select new Happening(what, which, At: at);

    [Fact]
    public void Several_gateways_with_prompt_batches_count_like_one_gateway() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(80), Prop.ForAll(Days(People), day =>
        {
            var model = new Model(isPrompt: true);
            foreach (var happening in day)
            {
                model.Do(happening);
                model.AssertAsOne();
            }
        }));

    [Fact]
    public void Several_gateways_count_like_one_whatever_the_delay_repetition_and_order_of_batches() => CheckTroubled(hasCookies: false);

    /// <summary>
    /// A picture of a load whose other picture gave the cookie is that visitor's only if it came before the cookie came back: in another order it is
    /// another visitor's, until it closes.
    /// </summary>
    [Fact]
    public void A_cookie_reported_before_it_was_issued_counts_no_viewer_twice() => CheckTroubled(hasCookies: true);

    /// <summary>Found by the properties above: the stream moved to a view that had never been probed, and the turn failed.</summary>
    [Fact]
    public void A_stream_that_joins_another_view_in_the_same_turn_is_still_probed() => CheckDay(
        [
            new(What.Open, 2, 1, 1, 2), new(What.Open, 3, 1, 1), new(What.Open, 2, 3, 0, 2), new(What.Open, 2, 1, 0, 2), new(What.Open, 2, 1, 0, 2),
            new(What.Open, 3, 3), new(What.Close, 99),
        ],
        hasCookies: false);

    private static void CheckTroubled(bool hasCookies) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(100),
        Prop.ForAll(Days(Gen.Frequency((1, People), (1, Troubles))), day => CheckDay(day, hasCookies)));

    private static void CheckDay(Happening[] day, bool hasCookies)
    {
        var model = new Model(isPrompt: false, hasCookies);
        foreach (var happening in day)
        {
            model.Do(happening);
            Assert.True(model.Network.Presence.Find(CountKey.ForSite(PresenceTest.Site)).Viewers >= 0);
        }

        model.Network.Heal();
        model.Wait(66_000);
        model.Network.Heal();
        if (hasCookies)
        {
            model.AssertWithinPictures();
        }
        else
        {
            model.AssertAsOne();
        }

        model.AssertEverybodyIsTold();
        model.CloseAll();
        model.Network.Heal();
        model.AssertEmpty();
    }

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
        Lose,
        Repeat,
        SendAgain,
        Restart,
        Expire,
    }

    internal readonly record struct Happening(What What, int Which = 0, int Page = 0, int Picture = 0, int At = 0);

    private sealed class Model(bool isPrompt, bool hasCookies = true)
    {
        private readonly List<(int At, StreamEntry Stream, StreamEntry Single)> open = [];
        private SiteNetwork? single;
        private VisitorKey? cookie = hasCookies ? PresenceTest.Strong with { Id = 4 } : null;
        private ulong day;

        public SiteNetwork Network { get; } = new(Gateways) { IsPrompt = isPrompt };

        /// <summary>One gateway with all streams, whose batches arrive at once.</summary>
        private SiteNetwork Single => single ??= new SiteNetwork(1);

        public void Do(Happening happening)
        {
            switch (happening.What)
            {
                case What.Open:
                    var origin = Origin(happening);
                    open.Add((happening.At, Network.Open(happening.At, origin), Single.Open(0, origin)));
                    break;
                case What.Close when open.Count > 0:
                    var (at, stream, same) = open[happening.Which % open.Count];
                    open.RemoveAt(happening.Which % open.Count);
                    Network.Close(at, stream);
                    Single.Close(0, same);
                    break;
                case What.Wait:
                    Wait(happening.Which);
                    break;
                case What.Midnight:
                    day = 1;
                    break;
                case What.Deliver:
                    Network.Deliver(happening.Which);
                    break;
                case What.Lose:
                    Network.Lose(happening.Which);
                    break;
                case What.Repeat:
                    Network.Repeat(happening.Which);
                    break;
                case What.SendAgain:
                    Network.SendAgain(happening.At);
                    break;
                case What.Restart:
                    Network.Restart();
                    break;
                case What.Expire:
                    Network.Presence.Expire($"gateway-{happening.At}");
                    break;
                default:
                    break;
            }
        }

        public void Wait(int milliseconds)
        {
            for (var rest = milliseconds; rest > 0; rest -= 1000)
            {
                Network.Wait(Math.Min(rest, 1000) / 1000.0);
                Single.Wait(Math.Min(rest, 1000) / 1000.0);
            }
        }

        public void AssertAsOne()
        {
            foreach (var key in Keys())
            {
                Assert.Equal(Single.Presence.Find(key).Viewers, Network.Presence.Find(key).Viewers);
            }
        }

        /// <summary>Pictures can be of one load or of several, but the same picture twice is two.</summary>
        public void AssertWithinPictures()
        {
            foreach (var page in open.GroupBy(stream => stream.Stream.Origin.Page))
            {
                var least = page.GroupBy(stream => stream.Stream.Origin.Picture).Max(picture => picture.Count());
                Assert.InRange(Network.Presence.Find(CountKey.ForPage(page.Key)).Viewers, Math.Min(least, 1), page.Count());
            }
        }

        public void CloseAll()
        {
            foreach (var (at, stream, _) in open)
            {
                Network.Close(at, stream);
            }
        }

        /// <summary>Nobody is left and, once the longest wait is over, nothing is remembered of anybody.</summary>
        public void AssertEmpty()
        {
            foreach (var gateway in Network.Gateways)
            {
                foreach (var key in Keys())
                {
                    gateway.Hide(key);
                }
            }

            Network.Heal();
            Assert.All(Keys(), key => Assert.Equal(0, Network.Presence.Find(key).Viewers));
            Network.Wait(66);
            Assert.True(Network.Presence.IsEmpty);
            Assert.All(Network.Gateways, gateway => Assert.True(gateway.IsEmpty));
        }

        /// <summary>Every gateway shows what the presence counts.</summary>
        public void AssertEverybodyIsTold()
        {
            foreach (var (gateway, key) in open.SelectMany(stream => Keys().Where(key => key.Of != CountOf.Page || key.Path == stream.Stream.Origin.Page.Path).Select(key => (stream.At, key))).Distinct())
            {
                // Nothing is newer than what it has.
                Assert.False(Network.Gateways[gateway].Apply(Network.Presence.Find(key)));
            }
        }

        private static IEnumerable<CountKey> Keys() =>
        [
            .. Enumerable.Range(0, 4).Select(page => CountKey.ForPage(new PageKey(PresenceTest.Site, $"/{page}"))),
            CountKey.ForSite(PresenceTest.Site), CountKey.ForVisitors(PresenceTest.Site),
        ];

        /// <summary>The cookie of visitor 4, who was visitor 3 until it came; no cookie is given twice.</summary>
        private VisitorKey? TakeCookie()
        {
            var taken = cookie;
            cookie = null;
            return taken;
        }

        /// <summary>Visitors 0 to 3 are known by their address, whose hash changes at midnight; 4 and 5 have a cookie.</summary>
        private StreamOrigin Origin(Happening happening)
        {
            var id = happening.Which == 4 && cookie is not null ? 5 : (ulong)happening.Which;
            var page = new PageKey(PresenceTest.Site, $"/{happening.Page}");
            var picture = $"/{happening.Picture}";
            return happening.Which >= 4
                ? new StreamOrigin(page, PresenceTest.Strong with { Id = id }, picture)
                : new StreamOrigin(page, PresenceTest.Weak with { Id = id + 100 * day }, picture)
                {
                    Before = day > 0 ? PresenceTest.Weak with { Id = id } : null,
                    Settles = (SettledBy)(happening.Which % 4),
                    Issued = happening.Which == 3 && happening.Picture == 2 ? TakeCookie() : null,
                };
        }
    }
}
