namespace Counter.Counting.Presence;

/// <summary>
/// Brings the pictures of one page load together that a load balancer gave to several gateways. Each then thinks that it began a
/// view. When they hear of each other, the gateway whose view has the larger name moves its streams to the other one and says so.
/// Not safe for concurrent use.
/// </summary>
internal sealed class PageLoads(Rules rules, Visitors visitors, Followers followers, TimeProvider clock)
{
    /// <summary>Another gateway's stream was heard of: do streams here go with it, or should they not?</summary>
    /// <param name="heard">The stream.</param>
    /// <param name="isNew">
    /// Whether nothing had been heard of its view. Only then each gateway may have begun a view without knowing of the other's: of two
    /// that were known apart none becomes the other when a picture they both had closes.
    /// </param>
    /// <param name="effects">Gets what that changes.</param>
    public void Reconcile(PresenceTicket heard, bool isNew, Effects effects)
    {
        var view = heard.View;
        if (view.Spot.Ours == 0 && !view.Spot.Views.Any(IsHeldHere))
        {
            return;
        }

        // Two gateways may each have let the same picture into one view.
        foreach (var stream in view.Streams.Where(stream => IsTaken(stream, by: heard)).ToList())
        {
            var name = new ViewName(stream.Gateway, stream.Number);
            var own = view.Visitor.Find(name)
                ?? rules.Place(view.Visitor, view.Spot.Page, name, view.Stamp, clock.GetElapsedTime(view.OpenedAt));
            Move(stream, own, effects);
            followers.Corrected(own);
            effects.Came(view.Spot.Page, 1);
        }

        if (!isNew)
        {
            return;
        }

        foreach (var mine in view.Spot.Views.Where(mine => IsHeldHere(mine) && view.Name.IsBefore(mine.Name)).ToList())
        {
            if (!IsSameLoad(mine, view))
            {
                continue;
            }

            // Both gateways had taken it for somebody who came.
            effects.Came(view.Spot.Page, -1);
            foreach (var stream in mine.Streams.Where(stream => stream.Response is not null).ToList())
            {
                Move(stream, view, effects);
            }

            followers.Corrected(view);
        }
    }

    /// <summary>A view is another visitor's than was thought, all of it.</summary>
    public void Move(View view, Visitor to, Effects effects)
    {
        if (to.Find(view.Name) is not { } same)
        {
            visitors.Move(view, to, effects);
            return;
        }

        foreach (var stream in view.Streams.ToList())
        {
            Move(stream, same, effects);
        }

        foreach (var stream in same.Streams.Where(stream => stream.Response is null).ToList())
        {
            Reconcile(stream, isNew: false, effects);
        }

        followers.Corrected(same);
    }

    /// <summary>A stream is of another view than was thought.</summary>
    public void Move(PresenceTicket stream, View to, Effects effects)
    {
        var from = stream.View;
        from.Remove(stream);
        to.Add(stream);
        effects.Touch(from.Spot);
        effects.Touch(to.Spot);
        if (from.Streams.Count == 0)
        {
            Dissolve(from, to, effects);
        }
    }

    /// <summary>There never was such a view: what was made of its opening is taken back, or was the other one's doing.</summary>
    private void Dissolve(View view, View into, Effects effects)
    {
        if (!into.Explained && HasDoubtOf(into, into.Spot) && !HasDoubtOf(view, into.Spot))
        {
            // That was about the one that never was.
            Doubts.Withdraw(into, effects);
        }

        if (view.Explained && !into.Explained)
        {
            into.Explained = true;
            Doubts.Withdraw(into, effects);
        }

        if (view.Raised is { Settled: false } doubt)
        {
            // What an explained view has raised came from the one that was left for it.
            if (into.Raised is not { Settled: false } && (view.Explained || (!into.Explained && doubt.Spot != into.Spot)))
            {
                doubt.PassTo(into);
            }
            else
            {
                Doubts.Withdraw(view, effects);
            }
        }

        view.Spot.Remove(view);
        visitors.Remove(view, effects);
        while (view.Spot.Counting < 0)
        {
            Doubts.Dismiss(view.Spot.Doubts[^1], effects);
        }
    }

    private static bool HasDoubtOf(View view, Spot spot) => view.Raised is { Settled: false } doubt && doubt.Spot == spot;

    private static bool IsHeldHere(View view) => view.Streams.Any(stream => stream.Response is not null);

    /// <summary>Whether a stream here has to leave the view to the same picture of another gateway: to the one that began it.</summary>
    private static bool IsTaken(PresenceTicket stream, PresenceTicket by) =>
        stream.Response is not null && stream.Picture == by.Picture && stream.Load == 0 && by.Load == 0
        && stream.Gateway != by.Gateway && !Began(stream)
        && (Began(by) || string.CompareOrdinal(by.Gateway, stream.Gateway) < 0);

    private static bool Began(PresenceTicket stream) => stream.View.Name == new ViewName(stream.Gateway, stream.Number);

    private bool IsSameLoad(View one, View other) =>
        (one.Load != 0 && one.Load == other.Load)
        || ((one.Load == 0 || other.Load == 0)
            && clock.GetElapsedTime(Math.Min(one.OpenedAt, other.OpenedAt), Math.Max(one.OpenedAt, other.OpenedAt)) <= Presence.PageLoad
            && !one.Streams.Any(stream => other.Streams.Any(o => o.Picture == stream.Picture)));
}
