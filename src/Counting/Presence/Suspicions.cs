namespace Counter.Counting.Presence;

/// <summary>The suspicions that last, and when each ends. Not safe for concurrent use.</summary>
/// <remarks>
/// A view that is suspected counts again when another view of its visitor closes, since that was the one that was left; 3 s after it was
/// probed and is still open; or 2 s after the view that was opened instead has closed. Where nothing settles it, that takes 65 s.
/// </remarks>
internal sealed class Suspicions(Probes probes, ProbeRecord record, TimeProvider clock)
{
    // How many of a visitor's views an opening probes.
    private const int MostProbed = 8;

    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Suspicion, long> due = new();

    /// <summary>Whether none lasts.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When something is due next, as a timestamp; null when nothing is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>
    /// One of the visitor's other views was probably left for this one: the newest is suspected, and all that might be it are probed. Where there
    /// are more than can be, they are several people's, and which of them moved cannot be told: those that were not probed for longest are.
    /// </summary>
    public void Opened(View view, TimeSpan age, PresenceChanges changes)
    {
        view.Explained = age <= SitePresence.Grace && view.Visitor.TakeDeparture(clock);
        View? newest = null;
        var (others, probed) = (0, new List<View>());
        for (var (i, searched) = (view.Visitor.Views.Count - 1, 0); i >= 0 && searched < PresenceRules.MostSearched; i--, searched++)
        {
            var other = view.Visitor.Views[i];
            if (!view.MayReplace(other) || other.IsAfter(view) || other.Prerender is not null)
            {
                continue;
            }

            others++;
            newest ??= other.Counts ? other : null;
            if (other.FindProbed() is null)
            {
                continue;
            }

            var at = probed.Count;
            while (at > 0 && LastProbed(probed[at - 1]) > LastProbed(other))
            {
                at--;
            }

            if (at < MostProbed)
            {
                probed.Insert(at, other);
                probed.RemoveRange(Math.Min(probed.Count, MostProbed), Math.Max(0, probed.Count - MostProbed));
            }
        }

        if (newest is not null && !view.Explained && others <= MostProbed)
        {
            Raise(newest, view, changes);
        }

        foreach (var other in probed)
        {
            probes.AskSoon(other, ProbeGround.Opening, changes);
        }

        static long LastProbed(View view) => view.Probes?.LastAt ?? long.MinValue;
    }

    /// <summary>A view was opened, and this one was probably left for it.</summary>
    public void Raise(View view, View by, PresenceChanges changes)
    {
        var suspicion = new Suspicion(view, by, by.OpenedAt);
        view.Suspicion = by.Raised = suspicion;
        changes.Touch(view);
        var hold = HoldOf(view);
        EndAt(suspicion, hold == SitePresence.Hold ? clock.After(by.OpenedAt, hold) : clock.FromNow(hold));
        if (view.Settles == SettledBy.Padding)
        {
            record.Suspected(view);
        }
    }

    /// <summary>A probe of a suspected view was written: if it was left it closes now.</summary>
    public void Probed(View view)
    {
        if (view.Suspicion is { } suspicion && Settles(view))
        {
            // A probe can have had to wait for the one before it; the answer comes within a second.
            var late = Math.Max(clock.After(suspicion.RaisedAt, AtMost), clock.FromNow(AtLeast));
            EndAt(suspicion, Math.Min(clock.FromNow(SitePresence.Settled), late));
        }
    }

    /// <summary>A view closed: the suspicions that it is part of are answered.</summary>
    /// <returns>Whether it is known which opening it was left for.</returns>
    public bool Closed(View closed, PresenceChanges changes)
    {
        if (closed.Raised is { } raised)
        {
            raised.By = null;
            EndAt(raised, Math.Min(raised.EndsAt, clock.FromNow(SitePresence.Grace)));
        }

        if (closed.Suspicion is { } suspicion)
        {
            Explain(suspicion.By, changes: null);
            closed.Suspicion = null;
            return true;
        }

        return false;
    }

    /// <summary>It is known which view was left for this one: the one that was suspected is not it, and counts again.</summary>
    public static void Explain(View? opening, PresenceChanges? changes)
    {
        if (opening is not null)
        {
            opening.Explained = true;
            if (opening.Raised is { } raised)
            {
                opening.Raised = null;
                if (changes is not null)
                {
                    End(raised, changes);
                }
            }
        }
    }

    /// <summary>A suspicion is over, and its view counts again.</summary>
    public static void End(Suspicion suspicion, PresenceChanges changes)
    {
        if (!suspicion.IsOver)
        {
            suspicion.View.Suspicion = null;
            if (suspicion.By is { } by && by.Raised == suspicion)
            {
                by.Raised = null;
            }

            changes.Touch(suspicion.View);
        }
    }

    /// <summary>Ends what is over by now.</summary>
    public void Tick(PresenceChanges changes)
    {
        var now = clock.GetTimestamp();
        while (due.TryPeek(out var suspicion, out var at) && at <= now)
        {
            due.Dequeue();
            if (suspicion.EndsAt <= now && !suspicion.IsOver)
            {
                // Who went back to it has left the view that was opened instead, and nobody was asked for anything.
                var by = suspicion.By;
                End(suspicion, changes);
                if (by is not null)
                {
                    probes.Ask(by, ProbeGround.Opening, changes);
                }
            }
        }
    }

    private void EndAt(Suspicion suspicion, long at)
    {
        suspicion.EndsAt = at;
        due.Enqueue(suspicion, at);
    }

    private bool Settles(View view) => view.Settles != SettledBy.Nothing && !record.HasFailed(view);

    /// <summary>How long a view is suspected whose probe nobody confirms; one whose browser closes it by itself needs none.</summary>
    private TimeSpan HoldOf(View view) =>
        !Settles(view) ? SitePresence.Hold : view.FindProbed() is null ? SitePresence.Settled : SitePresence.Unconfirmed;
}
