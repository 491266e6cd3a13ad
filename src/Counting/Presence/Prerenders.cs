namespace Counter.Counting.Presence;

/// <summary>The prerendered views that are not shown yet. Not safe for concurrent use.</summary>
/// <remarks>
/// A server is not notified when a prerendered page is shown. When it is shown the page before it has been left, so that page is probed
/// every 3 s, for at most 60 s. Without a page before it, a prerendered page counts after 10 s.
/// </remarks>
internal sealed class Prerenders(Probes probes, TimeProvider clock)
{
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Probed = TimeSpan.FromSeconds(60);

    private readonly PriorityQueue<Prerender, long> due = new();

    /// <summary>Whether no prerender waits.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When the next one is due, as a timestamp; null when none is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>A prerendered view opens.</summary>
    public void Opened(View view, View? after)
    {
        view.Prerender = new Prerender(view, after, clock.GetTimestamp());
        due.Enqueue(view.Prerender, clock.FromNow(after is null ? Alone : SitePresence.Settled));
    }

    /// <summary>A view is replaced by another: prerenders that wait for it wait for the other one.</summary>
    public static void Replaced(View view, View by)
    {
        foreach (var prerender in view.Visitor.Views.Select(other => other.Prerender).Where(prerender => prerender?.After == view))
        {
            prerender!.After = by;
        }
    }

    /// <summary>
    /// A view has closed. The prerenders that wait for it are shown. If it was left for another view, they wait for that view instead.
    /// </summary>
    public void Closed(View closed, View? leftFor, PresenceChanges changes)
    {
        if (IsEmpty)
        {
            return;
        }

        foreach (var view in closed.Visitor.Views)
        {
            if (view.Prerender is not { } prerender || prerender.After != closed)
            {
                continue;
            }

            if (leftFor is { Streams.Count: > 0 })
            {
                prerender.After = leftFor;
            }
            else
            {
                Show(prerender, changes);
            }
        }
    }

    /// <summary>Probes the views that prerenders wait for. Shows prerenders that wait for none.</summary>
    public void Tick(PresenceChanges changes)
    {
        var now = clock.GetTimestamp();
        while (due.TryPeek(out var prerender, out var at) && at <= now)
        {
            due.Dequeue();
            if (prerender.View.Prerender != prerender || prerender.View.Streams.Count == 0)
            {
                continue;
            }

            if (prerender.After is not { } after)
            {
                Show(prerender, changes);
            }
            else
            {
                if (clock.GetElapsedTime(prerender.OpenedAt) <= Probed)
                {
                    probes.Ask(after, ProbeGround.Prerender, changes);
                }

                due.Enqueue(prerender, clock.FromNow(SitePresence.Settled));
            }
        }
    }

    private static void Show(Prerender prerender, PresenceChanges changes)
    {
        prerender.View.Prerender = null;
        changes.Touch(prerender.View);
        changes.AddArrivals(prerender.View.Page, 1);
    }
}
