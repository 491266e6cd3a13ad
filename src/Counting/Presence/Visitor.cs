using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>One browser on one site and what it has open there.</summary>
internal sealed class Visitor(VisitorKey key)
{
    /// <summary>How it is known; changes when the day's salt does.</summary>
    public VisitorKey Key { get; set; } = key;

    /// <summary>Its open views, the newest last.</summary>
    public List<View> Views { get; } = [];

    /// <summary>Whether more than one of its views counts, so that it is several tabs or people.</summary>
    public bool IsSeveral => Views.Select(view => view.Spot).Distinct().Sum(spot => spot.Counting) > 1;

    /// <summary>When views closed that were probably looked at: each may have been left for one that opens next.</summary>
    public Queue<long> Departures { get; } = [];

    /// <summary>Takes a departure that is recent enough for a view that opens now.</summary>
    public bool TakeDeparture(TimeProvider clock)
    {
        while (Departures.TryDequeue(out var at))
        {
            if (clock.GetElapsedTime(at) <= Presence.Grace)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A view that opened just now and of which it is not known yet which it was opened instead of.</summary>
    public View? UnexplainedOpening(TimeProvider clock) =>
        Views.Find(view => !view.Explained && clock.GetElapsedTime(view.OpenedAt) <= Presence.Grace);

    /// <summary>The newest view on a page where it counts.</summary>
    public View? NewestCounting() => Views.FindLast(view => view.Spot.Counting > 0);

    /// <summary>Its place on a page: that of its other views there, or a new one.</summary>
    public Spot SpotOn(PageKey page) => Views.Find(view => view.Spot.Page == page)?.Spot ?? new Spot(page);
}

/// <summary>A visitor on a page: which of its views there are looked at cannot be told, only how many.</summary>
/// <remarks>
/// Behind one address a whole class can look like one browser. When one of them moves on, one view of this page is in doubt; when
/// any view of this page closes, that was it. So doubts belong to the spot and not to one of its views.
/// </remarks>
internal sealed class Spot(PageKey page)
{
    /// <summary>The page.</summary>
    public PageKey Page { get; } = page;

    /// <summary>The visitor's open views of the page.</summary>
    public List<View> Views { get; } = [];

    /// <summary>The doubts that are not settled yet, the oldest first; never more than views.</summary>
    public List<Doubt> Doubts { get; } = [];

    /// <summary>The views that count.</summary>
    public int Counting => Views.Count - Doubts.Count;
}

/// <summary>
/// One page on one screen: the streams that one load of a page opened together. It counts as one viewer, however many different
/// pictures the page has.
/// </summary>
internal sealed class View(Visitor visitor, Spot spot, long openedAt)
{
    public Visitor Visitor { get; set; } = visitor;

    public Spot Spot { get; set; } = spot;

    /// <summary>When its first stream opened, as a timestamp.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Its open streams; it closes with the last of them.</summary>
    public List<PresenceTicket> Streams { get; } = [];

    /// <summary>What its page load calls itself; null when none of its streams said.</summary>
    public string? Load { get; set; }

    /// <summary>The doubt that opening this view raised, or one before it in the same tab; settled or not.</summary>
    public Doubt? Raised { get; set; }

    /// <summary>Whether the view it was opened instead of has closed.</summary>
    public bool Explained { get; set; }

    /// <summary>Whether it was ended for want of connections.</summary>
    public bool Ended { get; set; }

    /// <summary>The identity its browser was given and may come back with.</summary>
    public VisitorKey? Issued { get; set; }
}

/// <summary>The suspicion that one view of a spot was left although its stream is still open.</summary>
internal sealed class Doubt(Spot spot, View by, long raisedAt)
{
    /// <summary>When it was raised, as a timestamp.</summary>
    public long RaisedAt { get; } = raisedAt;

    public Spot Spot { get; set; } = spot;

    /// <summary>The view that is probably looked at instead. When it goes, so does the reason for the doubt.</summary>
    public View By { get; set; } = by;

    /// <summary>Settled: a view of the spot closed, or it was shown to be unfounded.</summary>
    public bool Settled { get; set; }
}

/// <summary>One open stream, as <see cref="Presence"/> hands it out to be given back.</summary>
public sealed class PresenceTicket
{
    internal PresenceTicket(View view, string picture, IOpenResponse stream, bool scarce) =>
        (View, Picture, Stream, Scarce) = (view, picture, stream, scarce);

    internal View View { get; }

    internal string Picture { get; }

    internal IOpenResponse Stream { get; }

    internal bool Scarce { get; }
}
