using System.Globalization;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Tests.Presence.Network;
using Counter.Tests.Support;

namespace Counter.Counting.Tests.Presence.Day;

/// <summary>Every open stream is one.</summary>
internal sealed class Connections : ICounting
{
    public Numbers Shown { get; } = new();

    public object Open(Picture picture)
    {
        Shown.Add(picture.Page, +1);
        return picture;
    }

    public void Close(object opened) => Shown.Add(((Picture)opened).Page, -1);

    public void Tick()
    {
    }
}

/// <summary>Counter: the real presence, with what a gateway gets over HTTP/1.1 by address and agent.</summary>
internal sealed class CounterItself : ICounting
{
    private const string Site = "example.com";

    private static readonly PageKey[] Pages =
        [.. Enumerable.Range(0, Plan.Pages).Select(page => new PageKey(Site, page.ToString("'/'0", CultureInfo.InvariantCulture)))];

    private readonly SiteNetwork network;
    private readonly bool embed;
    private readonly bool suspects;
    private ulong streams;

    /// <param name="clock">Tells the time.</param>
    /// <param name="embed">Whether the counter is the iframe, whose script closes the stream when its page is left.</param>
    /// <param name="interval">The seconds between two probes of a view; 0 for none.</param>
    /// <param name="suspects">Whether an opening means anything for the visitor's other views.</param>
    public CounterItself(ManualTimeProvider clock, bool embed = false, double interval = 15, bool suspects = true)
    {
        network = new SiteNetwork(1, new ProbeOptions(TimeSpan.FromSeconds(interval)), clock);
        network.Published += Show;
        this.embed = embed;
        this.suspects = suspects;
    }

    public Numbers Shown { get; } = new();

    public long Probes => network.Probes.Counts.Read().Sum(count => count.Sent);

    public object Open(Picture picture) => network.Open(
        0,
        new StreamOrigin(Pages[picture.Page], Visitor(picture.By), "/online.png")
        {
            Load = embed ? Guid.NewGuid().ToString() : null,
            Settles = embed ? SettledBy.Itself : picture.By.Browser switch
            {
                Browser.Chromium => SettledBy.Padding,
                Browser.Firefox => SettledBy.Frame,
                _ => SettledBy.Itself,
            },
        },
        picture);

    public void Close(object opened) => network.Close(0, (StreamEntry)opened);

    public void Tick() => network.Tick();

    private VisitorKey Visitor(Visit by) =>
        suspects ? new VisitorKey(Site, IdentityKind.Weak, by.Address) : new VisitorKey(Site, IdentityKind.None, ++streams);

    private void Show(CountUpdate total)
    {
        if (total.Key.Of == CountOf.Page)
        {
            Shown.Set(int.Parse(total.Key.Path.AsSpan(1), CultureInfo.InvariantCulture), (int)total.Viewers);
        }
    }
}
