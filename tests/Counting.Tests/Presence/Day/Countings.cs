using System.Globalization;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Decider = Counter.Counting.Presence.Presence;

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

/// <summary>
/// The best that open streams can tell: knows which streams are one person's, and shows the newest of them. It errs only where
/// browsers tell the server nothing: after the last page of a visit, after “back”, and when another tab comes to the front.
/// </summary>
internal sealed class PerfectIdentity : ICounting
{
    private readonly Dictionary<int, List<Picture>> open = [];

    public Numbers Shown { get; } = new();

    public object Open(Picture picture)
    {
        if (!open.TryGetValue(picture.By.Person, out var pictures))
        {
            open[picture.By.Person] = pictures = [];
        }

        if (pictures.Count > 0)
        {
            Shown.Add(pictures[^1].Page, -1);
        }

        pictures.Add(picture);
        Shown.Add(picture.Page, +1);
        return picture;
    }

    public void Close(object opened)
    {
        var picture = (Picture)opened;
        var pictures = open[picture.By.Person];
        Shown.Add(pictures[^1].Page, -1);
        pictures.Remove(picture);
        if (pictures.Count > 0)
        {
            Shown.Add(pictures[^1].Page, +1);
        }
    }

    public void Tick()
    {
    }
}

/// <summary>Counter: the real presence, told what a gateway is told, by address and agent over HTTP/1.1.</summary>
internal sealed class CounterItself : ICounting
{
    private const string Site = "example.com";

    private static readonly PageKey[] Pages =
        [.. Enumerable.Range(0, Plan.Pages).Select(page => new PageKey(Site, page.ToString("'/'0", CultureInfo.InvariantCulture)))];

    private readonly Audience audience = new();
    private readonly Decider presence;
    private readonly bool embed;

    public CounterItself(TimeProvider clock, bool embed = false)
    {
        presence = new Decider(audience, clock, Show);
        this.embed = embed;
    }

    public Numbers Shown { get; } = new();

    public object Open(Picture picture) => presence.Open(
        new Arrival(Pages[picture.Page], new VisitorKey(Site, IdentityKind.Weak, picture.By.Address), "/online.png")
        {
            Scarce = true,
            Load = embed ? Guid.NewGuid().ToString() : null,
        },
        picture);

    public void Close(object opened) => presence.Close((PresenceTicket)opened);

    public void Tick() => presence.Tick();

    private void Show(PageKey page) =>
        Shown.Set(int.Parse(page.Path.AsSpan(1), CultureInfo.InvariantCulture), audience.Viewers(CountKey.ForPage(page)));
}
