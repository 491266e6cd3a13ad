namespace Counter.Counting.Presence;

/// <summary>The doubts that are open and when something is to be done about them. Not safe for concurrent use.</summary>
internal sealed class Doubts(TimeProvider clock)
{
    private readonly PriorityQueue<(Doubt Doubt, bool Settles), long> due = new();

    /// <summary>Whether nothing is planned.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>A visitor has opened a view, so one of its views of a spot may have been left: it does not count any more.</summary>
    public void Raise(Spot spot, View by, Effects effects)
    {
        var doubt = new Doubt(spot, by) { LastsUntil = After(by.OpenedAt, Presence.DoubtLasts) };
        doubt.PassTo(by);
        spot.Doubts.Add(doubt);
        effects.Nudge(spot);
        effects.Touch(spot);
        due.Enqueue((doubt, false), After(clock.GetTimestamp(), Presence.SecondNudge));
        due.Enqueue((doubt, true), doubt.LastsUntil);
    }

    /// <summary>
    /// A view is heard of after one that was opened instead of it: it is in doubt from the beginning, and what the later one had
    /// raised a doubt about was left for this one.
    /// </summary>
    public void RaiseLate(View late, View by, Effects effects)
    {
        if (by.Raised is { Settled: false } earlier)
        {
            earlier.PassTo(late);
        }

        Raise(late.Spot, by, effects);
    }

    /// <summary>
    /// A view of the spot closed: the oldest doubt was right. The view that raised it stands for the one that was left from now on,
    /// so what that one had raised a doubt about counts again when this one goes.
    /// </summary>
    /// <returns>How old the doubt was.</returns>
    public TimeSpan Confirm(Spot spot, View closed)
    {
        var confirmed = spot.Doubts[0];
        confirmed.Settled = true;
        confirmed.By.Explained = true;
        spot.Doubts.RemoveAt(0);
        if (closed.Raised is { Settled: false } earlier)
        {
            earlier.PassTo(confirmed.By);
            if (earlier.By.Streams.Count == 0)
            {
                Reconsider(earlier);
            }
        }

        return clock.GetElapsedTime(confirmed.RaisedAt);
    }

    /// <summary>
    /// A view that was not in doubt closed: that was the one left for this, and not the one that this put in doubt. It stands for it
    /// from now on, so what that one had raised a doubt about counts again when this one goes: the browser may have kept that and not
    /// this. Pages that Counter made, which name their loads, close their streams when they are left: none of those is kept.
    /// </summary>
    /// <param name="opening">The view that opened.</param>
    /// <param name="left">The one that closed; null when it is known that what it had raised is not this one's.</param>
    /// <param name="effects">Gets what that changes.</param>
    public static void Explain(View opening, View? left, Effects effects)
    {
        opening.Explained = true;
        Withdraw(opening, effects);
        if (left?.Raised is { Settled: false } earlier && earlier.Spot.Views.Any(view => view.Load == 0 && view != opening))
        {
            earlier.PassTo(opening);
        }
    }

    /// <summary>A view turned out to be no reason for the doubt that it raised.</summary>
    public static void Withdraw(View by, Effects effects)
    {
        if (by.Raised is { Settled: false } doubt)
        {
            Dismiss(doubt, effects);
        }
    }

    /// <summary>What raised the doubt is gone. Unless a view of the spot goes as well, it counts again soon.</summary>
    public void Reconsider(Doubt doubt)
    {
        doubt.ForgottenAt = Math.Min(doubt.LastsUntil, After(clock.GetTimestamp(), Presence.Grace));
        due.Enqueue((doubt, true), doubt.ForgottenAt);
    }

    /// <summary>Does what has come due.</summary>
    public void Tick(Effects effects)
    {
        var now = clock.GetTimestamp();
        while (due.TryPeek(out var next, out var at) && at <= now)
        {
            due.Dequeue();
            if (next.Doubt.Settled)
            {
                continue;
            }

            if (!next.Settles)
            {
                effects.Nudge(next.Doubt.Spot);
            }
            else if (next.Doubt.ForgottenAt <= now)
            {
                Dismiss(next.Doubt, effects);
            }
        }
    }

    /// <summary>The doubt is forgotten, and what it was about counts again.</summary>
    public static void Dismiss(Doubt doubt, Effects effects)
    {
        doubt.Settled = true;
        doubt.Spot.Doubts.Remove(doubt);
        effects.Touch(doubt.Spot);
    }

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * clock.TimestampFrequency);
}
