namespace Counter.Counting.Presence;

/// <summary>
/// One page on one screen: the streams that one load of a page opened together. It counts as one viewer, however many different
/// pictures the page has.
/// </summary>
internal sealed class View(Visitor visitor, Spot spot, ViewName name, long stamp, long openedAt)
{
    private readonly List<PresenceTicket> streams = new(1);

    public Visitor Visitor { get; set; } = visitor;

    public Spot Spot { get; set; } = spot;

    /// <summary>Its name, by which all gateways know it.</summary>
    public ViewName Name { get; } = name;

    /// <summary>When it began, in the order of <see cref="Stamps"/>.</summary>
    public long Stamp { get; } = stamp;

    /// <summary>When its first stream opened, as a timestamp of this gateway.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Its open streams; it closes with the last of them.</summary>
    public IReadOnlyList<PresenceTicket> Streams => streams;

    /// <summary>What its page load calls itself; 0 when none of its streams said.</summary>
    public ulong Load { get; private set; }

    /// <summary>Whether this gateway counts it: of the gateways that hold its streams the one with the smallest id does.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>The doubt that opening this view raised, or one before it in the same tab; settled or not.</summary>
    public Doubt? Raised { get; set; }

    /// <summary>Whether the view it was opened instead of has closed.</summary>
    public bool Explained { get; set; }

    /// <summary>Whether it was ended for want of connections.</summary>
    public bool Ended { get; set; }

    /// <summary>The identity its browser was given and may come back with.</summary>
    public VisitorKey? Issued { get; set; }

    /// <summary>Who its visitor was taken for before; null when that never changed.</summary>
    public FormerVisitor? Was { get; set; }

    /// <summary>Whether it began after another.</summary>
    public bool IsAfter(View other) => IsAfter(other.Stamp, other.Name);

    /// <summary>Whether it began after a view of that stamp and name.</summary>
    public bool IsAfter(long stamp, ViewName name) => Stamp > stamp || (Stamp == stamp && name.IsBefore(Name));

    /// <summary>Whether opening it can mean that another view of its visitor was left.</summary>
    public bool MayReplace(View other) => other.Spot != Spot || Visitor.Key.Kind == IdentityKind.Strong;

    /// <summary>Whether one of its streams is of this picture.</summary>
    public bool Shows(ulong picture)
    {
        foreach (var stream in streams)
        {
            if (stream.Picture == picture)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a stream in.</summary>
    public void Add(PresenceTicket stream)
    {
        stream.View = this;
        streams.Add(stream);
        Load = Load == 0 ? stream.Load : Load;
        FindOwner();
    }

    /// <summary>Takes a stream out.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(PresenceTicket stream)
    {
        if (!streams.Remove(stream))
        {
            return false;
        }

        FindOwner();
        return true;
    }

    /// <summary>Puts it at its place in a list whose newest view is the last.</summary>
    public void InsertInto(List<View> views)
    {
        var at = views.Count;
        while (at > 0 && views[at - 1].IsAfter(this))
        {
            at--;
        }

        views.Insert(at, this);
    }

    private void FindOwner()
    {
        PresenceTicket? first = null;
        foreach (var stream in streams)
        {
            first = first is null || string.CompareOrdinal(stream.Gateway, first.Gateway) < 0 ? stream : first;
        }

        var ours = first?.Response is not null;
        Spot.Ours += (ours ? 1 : 0) - (IsOurs ? 1 : 0);
        IsOurs = ours;
    }
}

/// <summary>The suspicion that one view of a spot was left although its stream is still open.</summary>
internal sealed class Doubt(Spot spot, View by)
{
    /// <summary>When it was raised, as a timestamp.</summary>
    public long RaisedAt { get; } = by.OpenedAt;

    /// <summary>When it is forgotten though what raised it is still there, as a timestamp.</summary>
    public required long LastsUntil { get; init; }

    /// <summary>When it is forgotten unless a view of the spot closes, as a timestamp.</summary>
    public long ForgottenAt { get; set; }

    public Spot Spot { get; set; } = spot;

    /// <summary>The view that is probably looked at instead. When it goes, so does the reason for the doubt.</summary>
    public View By { get; private set; } = by;

    /// <summary>Settled: a view of the spot closed, or it was shown to be unfounded.</summary>
    public bool Settled { get; set; }

    /// <summary>Another view is looked at instead of the one that was.</summary>
    public void PassTo(View other)
    {
        By = other;
        other.Raised = this;
        ForgottenAt = LastsUntil;
    }
}

/// <summary>One open stream, as <see cref="Presence"/> hands it out to be given back.</summary>
public sealed class PresenceTicket
{
    internal PresenceTicket(string gateway, long number, ulong picture, ulong load, bool scarce, IOpenResponse? response) =>
        (Gateway, Number, Picture, Load, Scarce, Response) = (gateway, number, picture, load, scarce, response);

    internal View View { get; set; } = null!;

    /// <summary>The gateway that holds it, and its number there.</summary>
    internal string Gateway { get; }

    internal long Number { get; }

    internal ulong Picture { get; }

    internal ulong Load { get; }

    internal bool Scarce { get; }

    /// <summary>Where frames go; null when another gateway holds the stream.</summary>
    internal IOpenResponse? Response { get; }

    /// <summary>The snapshot of its gateway that last had it.</summary>
    internal int Snapshot { get; set; }
}
