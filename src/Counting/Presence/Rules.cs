using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// What is made of a stream that opens or closes, here or at another gateway. Every gateway applies the same rules to the same
/// streams, so that all come to the same views and doubts. Not safe for concurrent use: <see cref="Presence"/> holds its lock.
/// </summary>
internal sealed class Rules(Visitors visitors, TimeProvider clock)
{
    /// <summary>The doubts that are open.</summary>
    public Doubts Doubts { get; } = new(clock);

    /// <summary>The view that a stream which opens now belongs to; null when it begins one.</summary>
    public View? FindPageLoad(Visitor visitor, PageKey page, ulong picture, ulong load) =>
        visitor.Views.Count == 0 ? null
        : (load == 0 ? null : visitor.FindLoad(page, load))
            ?? visitor.Views.Find(view =>
                view.Spot.Page == page
                && clock.GetElapsedTime(view.OpenedAt) <= Presence.PageLoad
                && (view.Load == 0 || load == 0)
                && !view.Shows(picture));

    /// <summary>A visitor opens a view of a page.</summary>
    /// <param name="visitor">Whose it is.</param>
    /// <param name="page">The page.</param>
    /// <param name="name">Its name.</param>
    /// <param name="stamp">When it began, for the order.</param>
    /// <param name="age">How long ago that was.</param>
    /// <param name="effects">Gets what that changes.</param>
    public View OpenView(Visitor visitor, PageKey page, ViewName name, long stamp, TimeSpan age, Effects effects)
    {
        // What counts again by now may be what was left.
        Doubts.Tick(effects);
        var newest = visitor.NewestCounting(stamp, name);
        var view = Place(visitor, page, name, stamp, age);
        if (visitor.OpenedInstead(view, clock) is { } later)
        {
            Doubts.RaiseLate(view, by: later, effects);
        }
        else if (age < Presence.DoubtLasts)
        {
            if (age <= Presence.Grace && visitor.TakeDeparture(clock, out var left))
            {
                Doubts.Explain(view, left, effects);
            }
            else if (newest is not null && view.MayReplace(newest))
            {
                Doubts.Raise(newest.Spot, by: view, effects);
            }
        }

        effects.Touch(view.Spot);
        return view;
    }

    /// <summary>A view is there of which nothing follows: it was known by another name.</summary>
    public View Place(Visitor visitor, PageKey page, ViewName name, long stamp, TimeSpan age)
    {
        var openedAt = clock.GetTimestamp() - (long)(age.TotalSeconds * clock.TimestampFrequency);
        var view = new View(visitor, visitor.SpotOn(page), name, stamp, openedAt);
        view.Spot.Add(view);
        view.InsertInto(visitor.Views);
        return view;
    }

    /// <summary>A stream has closed.</summary>
    /// <returns>False when it had before.</returns>
    public bool Close(PresenceTicket stream, Effects effects)
    {
        var view = stream.View;
        if (!view.Remove(stream))
        {
            return false;
        }

        effects.Touch(view.Spot);
        if (view.Streams.Count == 0)
        {
            CloseView(view, effects);
        }

        return true;
    }

    /// <summary>
    /// A browser's left pages must not take all its connections, or its next page waits for one. Only a spot whose views are all in
    /// doubt gives one up: elsewhere it could be somebody's who is looking. Each gateway ends the streams it holds.
    /// </summary>
    public static void FreeConnection(Visitor visitor, Effects effects)
    {
        if (visitor.Views.Sum(view => view.Streams.Count(stream => stream.Scarce)) is >= Presence.ScarceStreams and <= Presence.BrowserConnections
            && visitor.Views.Find(view => view.Spot.Counting == 0) is { } oldest)
        {
            oldest.Ended = true;
            effects.End(oldest);
        }
    }

    private void CloseView(View view, Effects effects)
    {
        view.Spot.Remove(view);
        visitors.Remove(view, effects);
        if (view.Spot.InDoubt > 0)
        {
            if (Doubts.Confirm(view.Spot, view) is var age && age > Presence.Grace && age < Presence.BrowserKeeps
                && !view.Ended && view.Visitor.IsSeveral)
            {
                // In a class it was somebody who was looking and is about to open the next page; the doubt was about another.
                view.Visitor.Depart(clock, left: null);
            }

            return;
        }

        if (view.Raised is { Settled: false } doubt)
        {
            Doubts.Reconsider(doubt);
        }

        if (view.Visitor.UnexplainedOpening(after: view, clock) is { } opening)
        {
            Doubts.Explain(opening, view, effects);
        }
        else
        {
            view.Visitor.Depart(clock, view);
        }
    }
}
