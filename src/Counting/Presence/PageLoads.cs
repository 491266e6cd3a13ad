namespace Counter.Counting.Presence;

/// <summary>
/// Brings the pictures of one page load together that a load balancer gave to several gateways. Each then thinks that it began a
/// view. When they hear of each other, the gateway whose view has the larger name moves its streams to the other one and says so.
/// Not safe for concurrent use.
/// </summary>
internal sealed class PageLoads(PresenceRules rules, Visitors visitors, Followers followers, TimeProvider clock)
{
    // One address can have thousands of views, and no browser has.
    private const int MostSearched = 64;

    /// <summary>Another gateway's stream was heard of: do streams here go with it, or should they not?</summary>
    /// <param name="heard">The stream.</param>
    /// <param name="isNew">
    /// Whether nothing had been heard of its view. Only then each gateway may have begun a view without knowing of the other's: of two
    /// that were known apart none becomes the other when a picture they both had closes.
    /// </param>
    /// <param name="changes">Gets what that changes.</param>
    public void Reconcile(PresenceTicket heard, bool isNew, PresenceChanges changes)
    {
        var view = heard.View;
        if (!view.Visitor.Views.Exists(mine => mine.Page == view.Page && IsHeldHere(mine)))
        {
            return;
        }

        // Two gateways may each have let the same picture into one view.
        foreach (var stream in view.Streams.Where(stream => IsTaken(stream, by: heard)).ToList())
        {
            var name = new ViewName(stream.Gateway, stream.Number);
            var own = view.Visitor.Find(name)
                ?? rules.Place(view.Visitor, view.Page, name, view.Stamp, clock.GetElapsedTime(view.OpenedAt));
            Move(stream, own, changes);
            followers.Corrected(own);
            changes.Came(view.Page, 1);
        }

        if (!isNew)
        {
            return;
        }

        foreach (var mine in view.Visitor.Views.Where(mine => mine.Page == view.Page && IsHeldHere(mine) && view.Name.IsBefore(mine.Name)).ToList())
        {
            if (!IsSameLoad(mine, view))
            {
                continue;
            }

            // Both gateways had taken it for somebody who came.
            changes.Came(view.Page, -1);
            foreach (var stream in mine.Streams.Where(stream => stream.Response is not null).ToList())
            {
                Move(stream, view, changes);
            }

            followers.Corrected(view);
        }
    }

    /// <summary>
    /// A view has lost one of its pictures. Behind one address the pictures of two people's loads can be in each other's views, so when one of
    /// them leaves, several views lose a part. There are as many as there are streams of the picture that is shown most, so one that is too many
    /// is shared out among those that lack its pictures.
    /// </summary>
    public void Rejoin(View view, PresenceChanges changes)
    {
        var views = new List<View>();
        var shown = new Dictionary<ulong, int>();
        var searched = 0;
        for (var i = view.Visitor.Views.Count - 1; i >= 0 && views.Count < MostSearched && searched < PresenceRules.MostSearched; i--, searched++)
        {
            if (view.Visitor.Views[i] is { Prerender: null } other && other.Page == view.Page)
            {
                views.Add(other);
                foreach (var stream in other.Streams)
                {
                    shown[stream.Picture] = shown.GetValueOrDefault(stream.Picture) + 1;
                }
            }
        }

        if (views.Count < 2 || shown.Values.Max() >= views.Count)
        {
            return;
        }

        // Where one is suspected, that is the one that was left.
        var from = views.OrderBy(other => other.Suspicion is null).ThenBy(other => other.Streams.Count).First();
        foreach (var stream in from.Streams.Where(stream => stream.Response is not null).ToList())
        {
            var into = views.Find(other => other != from && !other.Shows(stream.Picture))!;
            Move(stream, into, changes);
            followers.Corrected(into);
        }
    }

    /// <summary>A view is another visitor's than was thought, all of it.</summary>
    public void Move(View view, Visitor to, PresenceChanges changes)
    {
        if (to.Find(view.Name) is not { } same)
        {
            visitors.Move(view, to, changes);
            return;
        }

        foreach (var stream in view.Streams.ToList())
        {
            Move(stream, same, changes);
        }

        foreach (var stream in same.Streams.Where(stream => stream.Response is null).ToList())
        {
            Reconcile(stream, isNew: false, changes);
        }

        followers.Corrected(same);
    }

    /// <summary>A stream is of another view than was thought.</summary>
    public void Move(PresenceTicket stream, View to, PresenceChanges changes)
    {
        var from = stream.View;
        from.Remove(stream);
        rules.Probes.Left(from, stream);
        to.Add(stream);
        changes.Touch(from);
        changes.Touch(to);
        rules.Probes.Opened(to);
        if (from.Streams.Count == 0)
        {
            Dissolve(from, to, changes);
        }
    }

    /// <summary>There never was such a view: what its opening raised was the other one's doing, or is taken back.</summary>
    private void Dissolve(View view, View into, PresenceChanges changes)
    {
        if (into.Raised is { } earlier && view.Raised is null && earlier.View.Page == into.Page)
        {
            // That was about the one that never was.
            Suspicions.End(earlier, changes);
        }

        if (view.Raised is { } raised)
        {
            if (into.Raised is null && !into.Explained && raised.View != into)
            {
                (raised.By, into.Raised) = (into, raised);
            }
            else
            {
                Suspicions.End(raised, changes);
            }
        }

        if (view.Explained && !into.Explained)
        {
            Suspicions.Explain(into, changes);
        }

        if (view.Suspicion is { } suspicion)
        {
            // It was left, or never was.
            Suspicions.Explain(suspicion.By, changes);
        }

        Prerenders.Replaced(view, into);
        visitors.Remove(view, changes);
    }

    private static bool IsHeldHere(View view) => view.Streams.Any(stream => stream.Response is not null);

    /// <summary>Whether a stream here has to leave the view to the same picture of another gateway: to the one that began it.</summary>
    private static bool IsTaken(PresenceTicket stream, PresenceTicket by) =>
        stream.Response is not null && stream.Picture == by.Picture && (stream.Load == 0 || stream.Load != by.Load)
        && stream.Gateway != by.Gateway && !Began(stream)
        && (Began(by) || string.CompareOrdinal(by.Gateway, stream.Gateway) < 0);

    private static bool Began(PresenceTicket stream) => stream.View.Name == new ViewName(stream.Gateway, stream.Number);

    private bool IsSameLoad(View one, View other) =>
        one.Streams.Any(stream => stream.Load != 0 && other.IsOfLoad(stream.Load))
        || (clock.GetElapsedTime(Math.Min(one.OpenedAt, other.OpenedAt), Math.Max(one.OpenedAt, other.OpenedAt)) <= Presence.PageLoad
            && !one.Streams.Any(stream => other.Shows(stream.Picture)));
}
