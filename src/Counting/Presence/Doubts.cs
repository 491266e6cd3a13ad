namespace Counter.Counting.Presence;

/// <summary>The doubts that are open and when something is to be done about them. Not safe for concurrent use.</summary>
internal sealed class Doubts(Audience audience, TimeProvider clock)
{
    private readonly PriorityQueue<(Doubt Doubt, bool Settles), long> due = new();

    /// <summary>Whether nothing is planned.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>A visitor has opened a view, so one of its views of a spot may have been left: it does not count any more.</summary>
    public void Raise(Spot spot, View by, Effects effects)
    {
        var doubt = new Doubt(spot, by, clock.GetTimestamp());
        spot.Doubts.Add(doubt);
        by.Raised = doubt;
        effects.Nudge(spot);
        Plan(doubt, Presence.SecondNudge, settles: false);
        Plan(doubt, Presence.DoubtLasts, settles: true);
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
            earlier.By = confirmed.By;
            earlier.By.Raised = earlier;
            if (earlier.By.Streams.Count == 0)
            {
                Reconsider(earlier);
            }
        }

        return clock.GetElapsedTime(confirmed.RaisedAt);
    }

    /// <summary>A view that was not in doubt closed: that was the one left for this, and not the one that this put in doubt.</summary>
    public void Explain(View opening, Effects effects)
    {
        opening.Explained = true;
        if (opening.Raised is { Settled: false } doubt)
        {
            Dismiss(doubt, effects);
        }
    }

    /// <summary>What raised the doubt is gone. Unless a view of the spot goes as well, it counts again soon.</summary>
    public void Reconsider(Doubt doubt) => Plan(doubt, Presence.Grace, settles: true);

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

            if (next.Settles)
            {
                Dismiss(next.Doubt, effects);
            }
            else
            {
                effects.Nudge(next.Doubt.Spot);
            }
        }
    }

    private void Dismiss(Doubt doubt, Effects effects)
    {
        doubt.Settled = true;
        doubt.Spot.Doubts.Remove(doubt);
        audience.Enter(doubt.Spot.Page, arrives: false);
        effects.Changed(doubt.Spot.Page);
    }

    private void Plan(Doubt doubt, TimeSpan after, bool settles) =>
        due.Enqueue((doubt, settles), clock.GetTimestamp() + (long)(after.TotalSeconds * clock.TimestampFrequency));
}
