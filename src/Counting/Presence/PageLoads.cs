namespace Counter.Counting.Presence;

/// <summary>Regroups the pictures of similar page loads into views after one view has lost a picture. Not safe for concurrent use.</summary>
internal sealed class PageLoads(Visitors visitors)
{
    // One address can have thousands of views; a browser cannot.
    private const int MostSearched = 64;

    /// <summary>
    /// Regroups the views of a page after one has lost a picture. Behind one address the pictures of two people's loads can be in each
    /// other's views, so several views lose a picture when one person leaves. The page has as many views as its most shown picture has
    /// streams. The streams of one view too many move to views that lack their pictures.
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

        // A suspected view goes first: it is the one that was left.
        var from = views.OrderBy(other => other.Suspicion is null).ThenBy(other => other.Streams.Count).First();
        foreach (var stream in from.Streams.ToList())
        {
            Move(stream, views.Find(other => other != from && !other.Shows(stream.Picture))!, changes);
        }
    }

    /// <summary>Moves a stream to the view that it belongs to.</summary>
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

    /// <summary>Removes a view that was no page load of its own. The suspicion that it raised passes to the other view, or ends.</summary>
    private void Dissolve(View view, View into, PresenceChanges changes)
    {
        if (into.Raised is { } earlier && view.Raised is null && earlier.View.Page == into.Page)
        {
            // This suspicion was about the view that is dissolved.
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
            // The view was left, or never existed.
            Suspicions.Explain(suspicion.By, changes);
        }

        Prerenders.Replaced(view, into);
        visitors.Remove(view, changes);
    }
}
