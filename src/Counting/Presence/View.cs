using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// One page on one screen: the streams that one load of a page opened together. It counts as one viewer, however many different
/// pictures the page has.
/// </summary>
internal sealed class View(Visitor visitor, PageKey page, long openedAt, long order)
{
    private readonly List<PresenceStream> streams = new(1);

    public Visitor Visitor { get; set; } = visitor;

    public PageKey Page { get; } = page;

    /// <summary>When its first stream opened, as a timestamp.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Tells which of those that opened at the same time was heard of first.</summary>
    public long Order { get; } = order;

    /// <summary>Its open streams; it closes with the last of them.</summary>
    public IReadOnlyList<PresenceStream> Streams => streams;

    /// <summary>Whether somebody is taken to look at it.</summary>
    public bool Counts => Suspicion is null && Prerender is null;

    /// <summary>Whether it is part of the numbers of its page and site.</summary>
    public bool Counted { get; set; }

    /// <summary>The number of its gateway that has it; null when none has.</summary>
    public SiteNumber? CountedFor { get; set; }

    /// <summary>The suspicion that it was left; null when there is none.</summary>
    public Suspicion? Suspicion { get; set; }

    /// <summary>The suspicion that its opening raised, while that lasts.</summary>
    public Suspicion? Raised { get; set; }

    /// <summary>Whether it is known which view it was opened instead of: that one has closed.</summary>
    public bool Explained { get; set; }

    /// <summary>What a page that was loaded before anybody looks at it waits for; null for any other.</summary>
    public Prerender? Prerender { get; set; }

    /// <summary>The probes of its streams; null before the first.</summary>
    public ProbeState? Probes { get; set; }

    /// <summary>What is noted of its last suspicion; null when there was none, or nothing is.</summary>
    public ProbeOutcome? Outcome { get; set; }

    /// <summary>Whether it was ended here, and not by its browser.</summary>
    public bool Ended { get; set; }

    /// <summary>The identity its browser was given and may come back with.</summary>
    public VisitorKey? Issued { get; set; }

    /// <summary>
    /// What makes the browser close its streams once its page was left. Padding and frames close all streams of a page; a script closes
    /// its own only.
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

    /// <summary>Whether it began after another.</summary>
    public bool IsAfter(View other) => OpenedAt == other.OpenedAt ? Order > other.Order : OpenedAt > other.OpenedAt;

    /// <summary>Whether opening it can mean that another view of its visitor was left.</summary>
    public bool MayReplace(View other) => other != this && (other.Page != Page || Visitor.Key.Kind == IdentityKind.Strong);

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

    /// <summary>Whether one of its streams is of this load.</summary>
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

    /// <summary>The stream that a probe goes to; null when there is none that a probe settles.</summary>
    public PresenceStream? FindProbed()
    {
        PresenceStream? best = null;
        foreach (var stream in streams)
        {
            best = stream.Settles > (best?.Settles ?? SettledBy.Itself) ? stream : best;
        }

        return best;
    }

    /// <summary>Takes a stream in.</summary>
    public void Add(PresenceStream stream)
    {
        stream.View = this;
        streams.Add(stream);
    }

    /// <summary>Takes a stream out.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(PresenceStream stream) => streams.Remove(stream);
}
