using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Tests.Support;
using Xunit;
using Decider = Counter.Counting.Presence.Presence;

namespace Counter.Counting.Tests.Presence;

/// <summary>One gateway's presence with a clock that the test moves.</summary>
public abstract class PresenceTest
{
    internal const string Site = "example.com";
    internal static readonly VisitorKey Weak = new(Site, IdentityKind.Weak, 1);
    internal static readonly VisitorKey Strong = new(Site, IdentityKind.Strong, 1);

    private protected PresenceTest(ProbeOptions? probes = null) => Decides = new Decider(
        Audience, Clock, page => Told.Add(page.Path), probes: probes, judged: (browser, works) => Judged.Add((browser, works)));

    private protected ManualTimeProvider Clock { get; } = new();

    private protected Audience Audience { get; } = new();

    private protected Decider Decides { get; }

    private protected List<string> Told { get; } = [];

    private protected List<(string Browser, bool Works)> Judged { get; } = [];

    private protected int SiteViewers => Audience.Viewers(CountKey.ForSite(Site));

    private protected int Visitors => Decides.CountVisitors(Site);

    private protected Opened Open(string path, VisitorKey visitor, string picture = "/online.png", SettledBy settles = SettledBy.Padding) =>
        Open(new Arrival(Page(path), visitor, picture) { Settles = settles });

    private protected Opened Open(Arrival arrival)
    {
        var response = new OpenResponse();
        return new Opened(Decides.Open(arrival, response), response);
    }

    private protected void Close(params Opened[] streams)
    {
        foreach (var stream in streams)
        {
            Decides.Close(stream.Ticket);
        }
    }

    private protected int Viewers(string path) => Audience.Viewers(CountKey.ForPage(Page(path)));

    /// <summary>Moves the clock as the gateway's upkeep does, in steps of at most a quarter of a second.</summary>
    private protected void Wait(double seconds)
    {
        for (; seconds > 1e-9; seconds -= 0.25)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 0.25)));
            Decides.Tick();
        }
    }

    /// <summary>Nobody is left and nothing is remembered of anybody, once the longest wait is over.</summary>
    private protected void AssertEmpty()
    {
        Assert.Equal(0, SiteViewers);
        Assert.Equal(0, Audience.All);
        Assert.Equal(0, Visitors);
        Wait(66);
        Assert.Equal(0, Audience.All);
        Assert.True(Decides.IsEmpty);
        var reports = Audience.TakeChanges();
        Assert.All(reports, report => Assert.Equal(0, report.Viewers));
        Audience.Confirm(reports);
        Assert.Equal(0, Audience.Pages);
    }

    private protected static PageKey Page(string path) => new(Site, path);

    /// <summary>A stream that is open, and what presence said to it.</summary>
    internal sealed record Opened(PresenceTicket Ticket, OpenResponse Response);
}
