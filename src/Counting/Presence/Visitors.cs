namespace Counter.Counting.Presence;

/// <summary>The visitors with open streams, by identity. Not safe for concurrent use: <see cref="Presence"/> holds its lock.</summary>
internal sealed class Visitors
{
    private readonly Dictionary<VisitorKey, Visitor> visitors = [];
    private readonly Dictionary<VisitorKey, View> issued = [];
    private readonly Dictionary<string, int> ofSite = [];

    /// <summary>All of them.</summary>
    public IEnumerable<Visitor> All => visitors.Values;

    /// <summary>Whether nothing is remembered.</summary>
    public bool IsEmpty => visitors.Count == 0 && issued.Count == 0 && ofSite.Count == 0;

    /// <summary>How many a site has.</summary>
    public int Count(string site) => ofSite.GetValueOrDefault(site);

    /// <summary>The visitor an arrival is of.</summary>
    public Visitor FindOrAdd(Arrival arrival)
    {
        if (visitors.TryGetValue(arrival.Visitor, out var visitor))
        {
            return visitor;
        }

        if (arrival.Before is { } before && visitors.Remove(before, out visitor))
        {
            // It came before midnight, and the salt has changed since.
            visitor.Key = arrival.Visitor;
        }
        else
        {
            visitor = new Visitor(arrival.Visitor);
            ofSite[arrival.Visitor.Site] = ofSite.GetValueOrDefault(arrival.Visitor.Site) + 1;
        }

        visitors.Add(arrival.Visitor, visitor);
        if (issued.Remove(arrival.Visitor, out var first))
        {
            Move(first, visitor);
        }

        return visitor;
    }

    /// <summary>Remembers that a view's browser was given an identity, until the view closes.</summary>
    public void Issue(VisitorKey key, View view)
    {
        Withdraw(view);
        view.Issued = key;
        issued[key] = view;
    }

    /// <summary>Takes a closed view out, and its visitor with its last one.</summary>
    public void Remove(View view)
    {
        Withdraw(view);
        TakeFrom(view.Visitor, view);
    }

    private void Withdraw(View view)
    {
        if (view.Issued is { } key)
        {
            issued.Remove(key);
            view.Issued = null;
        }
    }

    /// <summary>The view's browser came back with the identity it was given: the view was that visitor's all along.</summary>
    private void Move(View view, Visitor visitor)
    {
        view.Issued = null;
        var old = view.Spot;
        view.Spot = new Spot(old.Page);
        view.Spot.Views.Add(view);
        old.Views.Remove(view);
        if (old.Counting < 0)
        {
            var doubt = old.Doubts[^1];
            old.Doubts.Remove(doubt);
            doubt.Spot = view.Spot;
            view.Spot.Doubts.Add(doubt);
        }

        TakeFrom(view.Visitor, view);
        view.Visitor = visitor;
        visitor.Views.Add(view);
    }

    private void TakeFrom(Visitor visitor, View view)
    {
        visitor.Views.Remove(view);
        if (visitor.Views.Count > 0)
        {
            return;
        }

        visitors.Remove(visitor.Key);
        var site = visitor.Key.Site;
        if (ofSite[site] > 1)
        {
            ofSite[site]--;
        }
        else
        {
            ofSite.Remove(site);
        }
    }
}
