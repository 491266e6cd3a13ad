namespace Counter.Counting.Presence;

/// <summary>Raises and ends suspicions. Not safe for concurrent use.</summary>
/// <remarks>
/// A suspected view counts again when another view of its visitor closes, because that was the one that was left; when it is still open
/// 3 s after it was probed; or 2 s after the view that was opened instead has closed. If nothing settles it, that takes 65 s.
/// </remarks>
internal sealed class Suspicions(Probes probes, ProbeRecord record, TimeProvider clock)
{
    // The most views of a visitor that an opening probes.
    private const int MostProbed = 8;

    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Suspicion, long> due = new();

    /// <summary>Whether there are no suspicions.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When the next one is due, as a timestamp; null when none is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>
    /// A view opened, and one of its visitor's other views was probably left for it. The newest is suspected, and all that may have been left
    /// are probed. If there are more than can be probed they belong to several people, and it is unknown who moved: none is suspected, and
    /// those that were not probed for longest are probed.
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

    /// <summary>Suspects a view that was probably left for one that was opened.</summary>
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

    /// <summary>A probe of a view was written. If the view is suspected and was left, it closes now.</summary>
    public void Probed(View view)
    {
        if (view.Suspicion is { } suspicion && Settles(view))
        {
            // The probe may have waited for the one before it. A left view closes within a second.
            var late = Math.Max(clock.After(suspicion.RaisedAt, AtMost), clock.FromNow(AtLeast));
            EndAt(suspicion, Math.Min(clock.FromNow(SitePresence.Settled), late));
        }
    }

    /// <summary>A view has closed. Resolves the suspicions that it is part of.</summary>
    /// <returns>Whether it was suspected, so that the opening it was left for is known.</returns>
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

    /// <summary>It is known which view was left for an opening. The view that the opening had suspected is another one, and counts again.</summary>
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

    /// <summary>Ends a suspicion: its view counts again.</summary>
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

    /// <summary>Ends the suspicions that are due.</summary>
    public void Tick(PresenceChanges changes)
    {
        var now = clock.GetTimestamp();
        while (due.TryPeek(out var suspicion, out var at) && at <= now)
        {
            due.Dequeue();
            if (suspicion.EndsAt <= now && !suspicion.IsOver)
            {
                // A visitor who went back to this view has left the one that was opened instead, without any request. So that one is probed.
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

    /// <summary>How long a view is suspected if its probe is not confirmed. A view that its browser closes by itself needs no probe.</summary>
    private TimeSpan HoldOf(View view) =>
        !Settles(view) ? SitePresence.Hold : view.FindProbed() is null ? SitePresence.Settled : SitePresence.Unconfirmed;
}
