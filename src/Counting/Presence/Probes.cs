namespace Counter.Counting.Presence;

/// <summary>When which view is probed. Not safe for concurrent use: <see cref="Presence"/> holds its lock.</summary>
/// <remarks>
/// A view is probed at most once in 3 s and never while a probe of it is not confirmed; a probe that has to wait for that goes out then. All
/// probes come from one budget; one that it has no room for is left to the periodic one.
/// </remarks>
internal sealed class Probes(ProbeOptions options, ProbeCounts counts, TimeProvider clock)
{
    // Openings of a few people behind one address must not use up a small gateway's budget.
    private const int LeastPerSecond = 40;

    private static readonly TimeSpan UntilLeft = TimeSpan.FromMilliseconds(250);

    // For the budget where none is probed periodically.
    private static readonly TimeSpan UsualInterval = ProbeOptions.Default.Interval;

    // Successive multiples are spread evenly over the interval, however many there are (Weyl, 1916).
    private const double GoldenRatio = 0.6180339887498949;

    private readonly PriorityQueue<ProbeState, long> due = new();
    private int periodic;
    private double phase;
    private double tokens = double.MaxValue;
    private long refilledAt = clock.GetTimestamp();

    /// <summary>Whether none is planned.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>When something is due next, as a timestamp; null when nothing is.</summary>
    public long? DueAt => due.TryPeek(out _, out var at) ? at : null;

    /// <summary>A stream here has joined a view.</summary>
    public void Opened(View view)
    {
        if (options.Interval > TimeSpan.Zero && view.Probes is not { IsPeriodic: true } && view.FindProbed() is { Settles: SettledBy.Padding })
        {
            StateOf(view).IsPeriodic = true;
            periodic++;
            phase = (phase + GoldenRatio) % 1;
            Plan(view, clock.FromNow(options.Interval * phase), ProbeGround.Periodic);
        }
    }

    /// <summary>A stream here has closed.</summary>
    public void Closed(View view, PresenceTicket stream)
    {
        if (view.Probes is { } state && view.Streams.Count == 0 && state.WrittenAt != long.MinValue && !view.Ended
            && clock.GetElapsedTime(state.WrittenAt) <= Presence.Settled)
        {
            counts.Closed(state.Ground, stream.Settles);
        }

        Left(view, stream);
    }

    /// <summary>A stream here has left a view.</summary>
    public void Left(View view, PresenceTicket stream)
    {
        if (view.Probes is not { } state)
        {
            return;
        }

        if (state.UnderWay == stream)
        {
            state.UnderWay = null;
        }

        if (state.IsPeriodic && view.FindProbed() is not { Settles: SettledBy.Padding })
        {
            state.IsPeriodic = false;
            state.DueAt = long.MaxValue;
            periodic--;
        }

        if (view.Streams.Count == 0)
        {
            state.View = null;
        }
    }

    /// <summary>
    /// Another page was opened: probes a view that may have been left for it. Chromium's old page is live for a moment after the new one has asked for
    /// its picture, and a padded frame that comes then is lost on it (7 of 130 at once, none of 120 after 300 to 600 ms); Firefox closes on a frame at once.
    /// </summary>
    public void AskSoon(View view, ProbeGround ground, PresenceChanges changes)
    {
        if (view.FindProbed() is not { Settles: SettledBy.Padding })
        {
            Ask(view, ground, changes);
            return;
        }

        var at = clock.FromNow(UntilLeft);
        if (view.Probes is not { } state || state.DueFor == ProbeGround.Periodic || state.DueAt > at)
        {
            Plan(view, at, ground);
        }
    }

    /// <summary>Probes a view as soon as may be, where a probe settles it.</summary>
    public void Ask(View view, ProbeGround ground, PresenceChanges changes)
    {
        if (view.FindProbed() is not { } stream)
        {
            return;
        }

        var state = StateOf(view);
        var at = state.AskedAt == long.MinValue ? long.MinValue : clock.After(state.AskedAt, Presence.Settled);
        if (state.UnderWay is not null || at > clock.GetTimestamp())
        {
            Plan(view, Math.Max(at, clock.GetTimestamp() + 1), ground);
        }
        else if (!TryTakeToken(ground, view.Suspicion is not null))
        {
            counts.Postponed(ground, stream.Settles);
        }
        else
        {
            (state.UnderWay, state.AskedAt, state.Ground) = (stream, clock.GetTimestamp(), ground);
            counts.Sent(ground, stream.Settles);
            changes.Probe(stream);
            PlanPeriodic(view, state);
        }
    }

    /// <summary>A probe was written.</summary>
    /// <returns>The view, when it was probed after whatever happened to it last.</returns>
    public View? Written(PresenceTicket stream)
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

            var ground = state.DueFor;
            state.DueAt = long.MaxValue;
            if (state.UnderWay is not null && ground == ProbeGround.Periodic)
            {
                // Its peer takes nothing, so it is dropped soon.
                Plan(view, clock.FromNow(options.Interval), ground);
                continue;
            }

            Ask(view, ground, changes);
            if (state.DueAt == long.MaxValue)
            {
                PlanPeriodic(view, state);
            }
        }
    }

    private static ProbeState StateOf(View view) => view.Probes ??= new ProbeState(view);

    private void PlanPeriodic(View view, ProbeState state)
    {
        if (state.IsPeriodic)
        {
            var since = state.AskedAt == long.MinValue ? clock.GetTimestamp() : state.AskedAt;
            Plan(view, Math.Max(clock.After(since, options.Interval), clock.GetTimestamp() + 1), ProbeGround.Periodic);
        }
    }

    private void Plan(View view, long at, ProbeGround ground)
    {
        var state = StateOf(view);
        (state.DueAt, state.DueFor) = (at, ground);
        due.Enqueue(state, at);
    }

    /// <summary>
    /// Periodic probes need half of the budget, and always go. Of what is left, half is for views that are suspected: they do not count until they are probed.
    /// </summary>
    private bool TryTakeToken(ProbeGround ground, bool isSuspected)
    {
        var perSecond = options.PerSecond > 0
            ? options.PerSecond
            : Math.Max(LeastPerSecond, 2 * periodic / (options.Interval > TimeSpan.Zero ? options.Interval : UsualInterval).TotalSeconds);
        tokens = Math.Min(perSecond, tokens + clock.GetElapsedTime(refilledAt).TotalSeconds * perSecond);
        refilledAt = clock.GetTimestamp();
        if (ground != ProbeGround.Periodic && tokens < (isSuspected ? 1 : 1 + perSecond / 2))
        {
            return false;
        }

        tokens = Math.Max(0, tokens - 1);
        return true;
    }
}
