namespace Counter.Counting.Presence;

/// <summary>Shares out the pictures of page loads among views, when one of several that look alike loses a part. Not safe for concurrent use.</summary>
internal sealed class PageLoads(Visitors visitors)
{
    // One address can have thousands of views, and no browser has.
    private const int MostSearched = 64;

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
        foreach (var stream in from.Streams.ToList())
        {
            Move(stream, views.Find(other => other != from && !other.Shows(stream.Picture))!, changes);
        }
    }

    /// <summary>A stream is of another view than was thought.</summary>
    private void Move(PresenceStream stream, View to, PresenceChanges changes)
    {
        var from = stream.View;
        from.Remove(stream);
        Probes.Left(from, stream);
        to.Add(stream);
        changes.Touch(from);
        changes.Touch(to);
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
}
