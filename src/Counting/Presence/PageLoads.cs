namespace Counter.Counting.Presence;

/// <summary>
/// Brings the pictures of one page load together that a load balancer gave to several gateways. Each then thinks that it began a
/// view. When they hear of each other, the gateway whose view has the larger name moves its streams to the other one and says so.
/// Not safe for concurrent use.
/// </summary>
internal sealed class PageLoads(Rules rules, Visitors visitors, Followers followers, TimeProvider clock)
{
    // Well beyond the time within which pictures are one load, so that one that was long on its way is still seen to be.
    private static readonly TimeSpan Settled = 5 * Presence.PageLoad;

    /// <summary>A stream of a spot was heard of: do views that this gateway has streams of go with it?</summary>
    public void Reconcile(Spot spot, Effects effects)
    {
        if (spot.Views.Count == 1 && spot.Views[0].Streams.Count == 1)
        {
            return;
        }

        foreach (var view in spot.Views.Where(view => clock.GetElapsedTime(view.OpenedAt) <= Settled).ToList())
        {
            // Two gateways may each have let the same picture into one view.
            foreach (var stream in view.Streams.Where(stream => stream.Response is not null && HasEarlier(view, stream)).ToList())
            {
                var name = new ViewName(stream.Gateway, stream.Number);
                Move(stream, view.Visitor.Find(name) ?? rules.Place(view.Visitor, spot.Page, name, view.Stamp, clock.GetElapsedTime(view.OpenedAt)), effects);
                effects.Arrivals++;
                effects.Arrived = spot.Page;
                followers.Corrected(stream.View);
            }

            if (view.Streams.Any(stream => stream.Response is not null)
                && spot.Views.FirstOrDefault(other => other.Name.IsBefore(view.Name) && IsSameLoad(other, view)) is { } first)
            {
                // Both gateways had taken it for somebody who came.
                effects.Arrivals--;
                effects.Arrived = spot.Page;
                foreach (var stream in view.Streams.Where(stream => stream.Response is not null).ToList())
                {
                    Move(stream, first, effects);
                }

                followers.Corrected(first);
            }
        }
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
        if (view.Raised is { Settled: false } doubt)
        {
            if (into.Raised is not { Settled: false } && !into.Explained && doubt.Spot != into.Spot)
            {
                doubt.By = into;
                into.Raised = doubt;
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

    private static bool HasEarlier(View view, PresenceTicket stream) => stream.Load == 0 && view.Streams.Any(other =>
        other.Response is null && other.Picture == stream.Picture && other.Load == 0 && string.CompareOrdinal(other.Gateway, stream.Gateway) < 0);

    private bool IsSameLoad(View one, View other) =>
        (one.Load != 0 && one.Load == other.Load)
        || ((one.Load == 0 || other.Load == 0)
            && clock.GetElapsedTime(Math.Min(one.OpenedAt, other.OpenedAt), Math.Max(one.OpenedAt, other.OpenedAt)) <= Presence.PageLoad
            && !one.Streams.Any(stream => other.Streams.Any(o => o.Picture == stream.Picture)));
}
