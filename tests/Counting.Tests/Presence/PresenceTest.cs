using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Tests.Presence.Network;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Presence;

/// <summary>A gateway and the presence of one site, with a clock that the test moves.</summary>
public abstract class PresenceTest
{
    internal const string Site = "example.com";
    internal static readonly VisitorKey Weak = new(Site, IdentityKind.Weak, 1);
    internal static readonly VisitorKey Strong = new(Site, IdentityKind.Strong, 1);

    private protected PresenceTest(ProbeOptions? probes = null)
    {
        Network = new SiteNetwork(1, probes ?? ProbeOptions.Default);
        Network.Published += total =>
        {
            if (total.Key.Of == CountOf.Page)
            {
                Published.Add(total.Key.Path);
            }
        };
    }

    private protected SiteNetwork Network { get; }

    private protected ManualTimeProvider Clock => Network.Clock;

    private protected List<string> Published { get; } = [];

    private protected List<(string Browser, bool Works)> Judged => Network.JudgedVersions;

    private protected int SiteViewers => (int)Network.Presence.Find(CountKey.ForSite(Site)).Viewers;

    private protected int Visitors => (int)Network.Presence.Find(CountKey.ForVisitors(Site)).Viewers;

    private protected Opened Open(string path, VisitorKey visitor, string picture = "/online.png", SettledBy settles = SettledBy.Padding) =>
        Open(new StreamOrigin(Page(path), visitor, picture) { Settles = settles });

    private protected Opened Open(StreamOrigin origin)
    {
        var response = new OpenResponse();
        return new Opened(Network.Open(0, origin, response), response);
    }

    private protected void Close(params Opened[] streams)
    {
        foreach (var stream in streams)
        {
            Network.Close(0, stream.Entry);
        }
    }

    private protected int Viewers(string path) => (int)Network.Presence.Find(CountKey.ForPage(Page(path))).Viewers;

    private protected PageStreamCounts Explain(string path) => Network.Presence.Explain(path).Page;

    private protected IReadOnlyList<BrowserProbes> ExplainProbes() => Network.Presence.Explain("/").Probes;

    /// <summary>Moves the clock in steps of at most a quarter of a second.</summary>
    private protected void Wait(double seconds)
    {
        for (; seconds > 1e-9; seconds -= 0.25)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 0.25)));
            Network.Tick();
        }
    }

    /// <summary>Nobody is left and nothing is remembered of anybody, once the longest wait is over.</summary>
    private protected void AssertEmpty()
    {
        Assert.Equal((0, 0), (SiteViewers, Visitors));
        Network.HideAll();
        Wait(66);
        Assert.Equal((0, 0), (SiteViewers, Visitors));
        Assert.True(Network.Presence.IsEmpty);
        Assert.All(Network.Reports.Values, report => Assert.Equal(0, report.Viewers));
    }

    private protected static PageKey Page(string path) => new(Site, path);

    /// <summary>A stream that is open, and what presence said to it.</summary>
    internal sealed record Opened(StreamEntry Entry, OpenResponse Response);
}
