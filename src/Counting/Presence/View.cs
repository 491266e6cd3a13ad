using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// One page on one screen: the streams that one load of a page opened together. It counts as one viewer, even if the page has several
/// different pictures.
/// </summary>
internal sealed class View(Visitor visitor, PageKey page, long openedAt, long order)
{
    private readonly List<PresenceStream> streams = new(1);

    public Visitor Visitor { get; set; } = visitor;

    public PageKey Page { get; } = page;

    /// <summary>When its first stream opened, as a timestamp.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Orders views that opened at the same time: the one that was reported first is lower.</summary>
    public long Order { get; } = order;

    /// <summary>Its open streams. It closes with the last one.</summary>
    public IReadOnlyList<PresenceStream> Streams => streams;

    /// <summary>Whether it counts as a viewer.</summary>
    public bool Counts => Suspicion is null && Prerender is null;

    /// <summary>Whether the numbers of its page and site include it.</summary>
    public bool Counted { get; set; }

    /// <summary>The gateway's number that includes it; null when none does.</summary>
    public SiteNumber? CountedFor { get; set; }

    /// <summary>The suspicion that it was left; null when there is none.</summary>
    public Suspicion? Suspicion { get; set; }

    /// <summary>The suspicion that its opening raised; null after it has ended.</summary>
    public Suspicion? Raised { get; set; }

    /// <summary>Whether it is known which view was left for it, because that one has closed.</summary>
    public bool Explained { get; set; }

    /// <summary>The state of a prerendered view until it is shown; null for any other view.</summary>
    public Prerender? Prerender { get; set; }

    /// <summary>The probes of its streams; null before the first one.</summary>
    public ProbeState? Probes { get; set; }

    /// <summary>The record of its last suspicion; null when there was none, or it is not recorded.</summary>
    public ProbeOutcome? Outcome { get; set; }

    /// <summary>Whether Counter ended it, and not its browser.</summary>
    public bool Ended { get; set; }

    /// <summary>The identity that was issued to its browser, which may use it from now on; null for none.</summary>
    public VisitorId? Issued { get; set; }

    /// <summary>
    /// What makes the browser close its streams after its page was left. Padding and frames close all streams of a page. A script closes only
    /// its own.
    /// </summary>
    public SettledBy Settles
    {
        get
        {
            var (settles, nothing) = (SettledBy.Nothing, false);
            foreach (var stream in streams)
            {
                nothing |= stream.Settles == SettledBy.Nothing;
                settles = stream.Settles > settles ? stream.Settles : settles;
            }

            return nothing && settles == SettledBy.Itself ? SettledBy.Nothing : settles;
        }
    }

    /// <summary>Whether it opened after another.</summary>
    public bool IsAfter(View other) => OpenedAt == other.OpenedAt ? Order > other.Order : OpenedAt > other.OpenedAt;

    /// <summary>Whether opening it can mean that another view of its visitor was left.</summary>
    public bool MayReplace(View other) => other != this && (other.Page != Page || Visitor.Key.Kind == IdentityKind.Strong);

    /// <summary>Whether one of its streams shows a picture.</summary>
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

    /// <summary>Whether one of its streams belongs to a page load.</summary>
    public bool IsOfLoad(ulong load)
    {
        foreach (var stream in streams)
        {
            if (stream.Load == load)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The stream to probe; null when a probe settles none of them.</summary>
    public PresenceStream? FindProbed()
    {
        PresenceStream? best = null;
        foreach (var stream in streams)
        {
            best = stream.Settles > (best?.Settles ?? SettledBy.Itself) ? stream : best;
        }

        return best;
    }

    /// <summary>Adds a stream and makes it part of this view.</summary>
    public void Add(PresenceStream stream)
    {
        stream.View = this;
        streams.Add(stream);
    }

    /// <summary>Removes a stream.</summary>
    /// <returns>False when it is not part of this view.</returns>
    public bool Remove(PresenceStream stream) => streams.Remove(stream);
}
