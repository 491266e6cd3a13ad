namespace Counter.Counting.Presence;

/// <summary>Schedules the probes of views that were probably left. Not safe for concurrent use.</summary>
/// <remarks>A view is probed at most once in 3 s, and not while a probe of it is unconfirmed. A probe that comes too early waits.</remarks>
internal sealed class Probes(TimeProvider clock)
{
    private static readonly TimeSpan UntilLeft = TimeSpan.FromMilliseconds(250);

    private readonly PriorityQueue<ProbeState, long> due = new();

    /// <summary>Whether no probe is planned.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When the next probe is due, as a timestamp; null when none is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>A stream was removed from a view.</summary>
    public static void Left(View view, PresenceStream stream)
    {
        if (view.Probes is not { } state)
        {
            return;
        }

        if (state.UnderWay == stream)
        {
            state.UnderWay = null;
        }

        if (view.Streams.Count == 0)
        {
            state.View = null;
        }
    }

    /// <summary>
    /// Probes a view that may have been left for a page that has just opened. Chromium's old page is live for a moment after the new one has
    /// requested its picture, and a padded frame that arrives then has no effect (7 of 130 at once, none of 120 after 300 to 600 ms).
    /// So a padded probe waits 250 ms. Firefox closes on a frame at once.
    /// </summary>
    public void AskSoon(View view, ProbeGround ground, PresenceChanges changes)
    {
        if (view.FindProbed() is not { Settles: SettledBy.Padding })
        {
            Ask(view, ground, changes);
            return;
        }

        var at = clock.FromNow(UntilLeft);
        if (view.Probes is not { } state || state.DueAt > at)
        {
            Plan(view, at, ground);
        }
    }

    /// <summary>Probes a view as soon as allowed, if a probe settles it.</summary>
    public void Ask(View view, ProbeGround ground, PresenceChanges changes)
    {
        if (view.FindProbed() is not { } stream)
        {
            return;
        }

        var state = StateOf(view);
        var at = state.AskedAt == long.MinValue ? long.MinValue : clock.After(state.AskedAt, SitePresence.Settled);
        if (state.UnderWay is not null && clock.GetElapsedTime(state.AskedAt) > SitePresence.Unconfirmed)
        {
            // The gateway had no budget for the probe, or the probe was lost.
            state.UnderWay = null;
        }

        if (state.UnderWay is not null || at > clock.GetTimestamp())
        {
            Plan(view, Math.Max(at, clock.GetTimestamp() + 1), ground);
        }
        else
        {
            (state.UnderWay, state.AskedAt, state.Ground) = (stream, clock.GetTimestamp(), ground);
            changes.Probe(stream, ground);
        }
    }

    /// <summary>A probe was written.</summary>
    /// <returns>The view, if this was its probe under way, requested no earlier than its suspicion was raised; otherwise null.</returns>
    public View? Written(PresenceStream stream)
    {
        var view = stream.View;
        if (view.Probes is not { } state || state.UnderWay != stream)
        {
            return null;
        }

        state.UnderWay = null;
        state.WrittenAt = clock.GetTimestamp();
        return view.Suspicion is not { } suspicion || state.AskedAt >= suspicion.RaisedAt ? view : null;
    }

    /// <summary>Probes what is due.</summary>
    public void Tick(PresenceChanges changes)
    {
        var now = clock.GetTimestamp();
        while (due.TryPeek(out var state, out var at) && at <= now)
        {
            due.Dequeue();
            if (state.View is not { } view || state.DueAt != at)
            {
                continue;
            }

            state.DueAt = long.MaxValue;
            Ask(view, state.DueFor, changes);
        }
    }

    private static ProbeState StateOf(View view) => view.Probes ??= new ProbeState(view);

    private void Plan(View view, long at, ProbeGround ground)
    {
        var state = StateOf(view);
        (state.DueAt, state.DueFor) = (at, ground);
        due.Enqueue(state, at);
    }
}
