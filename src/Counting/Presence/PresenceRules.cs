using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Applies the rules to streams that open and close at any gateway. Not safe for concurrent use.</summary>
internal sealed class PresenceRules
{
    /// <summary>The most views of a visitor that are searched. One address can have thousands of views; a browser cannot.</summary>
    public const int MostSearched = 256;

    private readonly TimeProvider clock;
    private readonly Visitors visitors;
    private long placed;

    public PresenceRules(Visitors visitors, TimeProvider clock, ProbeRecord? record = null)
    {
        (this.visitors, this.clock) = (visitors, clock);
        Record = record ?? new ProbeRecord(clock);
        Probes = new Probes(clock);
        Suspicions = new Suspicions(Probes, Record, clock);
        Prerenders = new Prerenders(Probes, clock);
        Loads = new PageLoads(visitors);
    }

    /// <summary>Whether probes work, by browser version.</summary>
    public ProbeRecord Record { get; }

    /// <summary>The probes of views that were probably left.</summary>
    public Probes Probes { get; }

    /// <summary>The suspicions that are not over.</summary>
    public Suspicions Suspicions { get; }

    /// <summary>The prerendered views that are not shown yet.</summary>
    public Prerenders Prerenders { get; }

    /// <summary>Regroups pictures by page load.</summary>
    public PageLoads Loads { get; }

    /// <summary>Whether no state is kept of any visitor.</summary>
    public bool IsEmpty => visitors.IsEmpty && Suspicions.IsEmpty && Probes.IsEmpty && Prerenders.IsEmpty;

    /// <summary>When <see cref="Tick"/> is due next, as a timestamp; null for never.</summary>
    public long? DueAt
    {
        get
        {
            long? first = null;
            foreach (var at in (ReadOnlySpan<long?>)[Suspicions.DueAt, Prerenders.DueAt, Probes.DueAt])
            {
                first = at < first || first is null ? at ?? first : first;
            }

            return first;
        }
    }

    /// <summary>
    /// Finds the view that a new stream joins; null when it begins one. A picture joins the newest view of the page that lacks it, however
    /// late it opens. The same picture again is another view, unless its page load has the same name.
    /// </summary>
    public static View? FindView(Visitor visitor, PageKey page, ulong picture, ulong load)
    {
        View? lacks = null;
        for (var (i, searched) = (visitor.Views.Count - 1, 0); i >= 0 && searched < MostSearched; i--, searched++)
        {
            var view = visitor.Views[i];
            if (view.Page != page)
            {
                continue;
            }

            if (load != 0 && view.IsOfLoad(load))
            {
                return view;
            }

            if (lacks is null && !view.Shows(picture))
            {
                lacks = view;
                if (load == 0)
                {
                    break;
                }
            }
        }

        return lacks;
    }

    /// <summary>A visitor opens a view of a page.</summary>
    /// <param name="visitor">The visitor.</param>
    /// <param name="page">The page.</param>
    /// <param name="stream">The first stream of the view.</param>
    /// <param name="at">When the stream opened, as a timestamp.</param>
    /// <param name="changes">Receives the changes.</param>
    public View OpenView(Visitor visitor, PageKey page, PresenceStream stream, long at, PresenceChanges changes)
    {
        // A view that counts again by now may be the one that was left.
        Suspicions.Tick(changes);
        var view = Place(visitor, page, stream, at, changes);
        var age = clock.GetElapsedTime(at);
        if (visitor.OpenedInstead(view, clock) is { } later)
        {
            // The opening is reported late: the view was probably left since.
            Suspicions.Raise(view, later, changes);
            Probes.AskSoon(view, ProbeGround.Opening, changes);
        }
        else if (age < SitePresence.Hold)
        {
            Suspicions.Opened(view, age, changes);
        }

        return view;
    }

    /// <summary>A visitor's browser prerenders a page.</summary>
    public View OpenPrerendered(Visitor visitor, PageKey page, PresenceStream stream, long at, PresenceChanges changes)
    {
        var view = Place(visitor, page, stream, at, changes);
        var before = visitor.FindNewest(view, MostSearched, static other => other.Counts);
        Prerenders.Opened(view, before);
        if (before is not null)
        {
            Probes.Ask(before, ProbeGround.Prerender, changes);
        }

        return view;
    }

    public static void Join(View view, PresenceStream stream, PresenceChanges changes)
    {
        view.Add(stream);
        changes.Touch(view);
    }

    /// <summary>A stream has closed.</summary>
    /// <returns>False when it had closed before.</returns>
    public bool Close(PresenceStream stream, PresenceChanges changes)
    {
        var view = stream.View;
        if (!view.Remove(stream))
        {
            return false;
        }

        changes.Touch(view);
        Probes.Left(view, stream);
        if (view.Streams.Count == 0)
        {
            Record.Closed(view, changes);
            CloseView(view, changes);
        }
        else
        {
            Loads.Rejoin(view, changes);
        }

        return true;
    }

    /// <summary>A probe was written.</summary>
    public void Probed(PresenceStream stream, PresenceChanges changes)
    {
        if (Probes.Written(stream) is { } view)
        {
            Suspicions.Probed(view);
        }
        else if (stream.View.Suspicion is not null)
        {
            // The probe was under way when the page was left, so it settles nothing.
            Probes.Ask(stream.View, ProbeGround.Opening, changes);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(PresenceChanges changes)
    {
        Suspicions.Tick(changes);
        Prerenders.Tick(changes);
        Probes.Tick(changes);
    }

    private View Place(Visitor visitor, PageKey page, PresenceStream stream, long at, PresenceChanges changes)
    {
        var view = new View(visitor, page, at, ++placed);
        visitor.Insert(view);
        Join(view, stream, changes);
        return view;
    }

    private void CloseView(View view, PresenceChanges changes)
    {
        var visitor = view.Visitor;
        visitors.Remove(view, changes);
        var leftFor = view.Suspicion?.By;
        if (!Suspicions.Closed(view, changes) && view.Counts)
        {
            // The view was not suspected, so its close explains an opening: a recent one, or else the next one.
            leftFor = visitor.FindUnexplained(view, clock);
            if (leftFor is null)
            {
                visitor.Depart(clock);
            }
            else
            {
                Suspicions.Explain(leftFor, changes);
            }
        }

        Prerenders.Closed(view, leftFor, changes);
    }
}
