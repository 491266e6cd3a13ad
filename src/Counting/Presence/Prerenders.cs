namespace Counter.Counting.Presence;

/// <summary>Pages that were loaded before anybody looks at them. Not safe for concurrent use.</summary>
/// <remarks>
/// Nothing tells a server that a prerendered page is shown. Then the page before it has been left, so that one is probed every 3 s, for 60 s
/// at most. Where there was none, the page counts after 10 s.
/// </remarks>
internal sealed class Prerenders(Probes probes, TimeProvider clock)
{
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Probed = TimeSpan.FromSeconds(60);

    private readonly PriorityQueue<Prerender, long> due = new();

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When something is due next, as a timestamp; null when nothing is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>A page is loaded that nobody looks at yet.</summary>
    public void Opened(View view, View? after)
    {
        view.Prerender = new Prerender(view, after, clock.GetTimestamp());
        due.Enqueue(view.Prerender, clock.FromNow(after is null ? Alone : SitePresence.Settled));
    }

    /// <summary>A view never was one of its own: what waits for it waits for another.</summary>
    public static void Replaced(View view, View by)
    {
        foreach (var prerender in view.Visitor.Views.Select(other => other.Prerender).Where(prerender => prerender?.After == view))
        {
            prerender!.After = by;
        }
    }

    /// <summary>A view closed. What waits for it is shown now, unless it was left for another view: then it waits for that.</summary>
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

    /// <summary>Probes what is waited for, and shows what waits for nothing.</summary>
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
        changes.Came(prerender.View.Page, 1);
    }
}
