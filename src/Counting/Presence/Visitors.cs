namespace Counter.Counting.Presence;

/// <summary>The visitors of a site with open streams, by identity. Not safe for concurrent use.</summary>
internal sealed class Visitors
{
    private readonly Dictionary<VisitorId, Visitor> visitors = [];
    private readonly Dictionary<VisitorId, Visitor> former = [];
    private readonly Dictionary<VisitorId, View> issued = [];

    public IEnumerable<Visitor> All => visitors.Values;

    /// <summary>Whether no state is kept.</summary>
    public bool IsEmpty => visitors.Count == 0 && former.Count == 0 && issued.Count == 0;

    public int Count => visitors.Count;

    /// <summary>Finds or adds the visitor with an identity.</summary>
    /// <param name="key">The identity.</param>
    /// <param name="before">The identity before midnight; null when there can be none.</param>
    /// <param name="changes">Receives the changes.</param>
    public Visitor FindOrAdd(VisitorId key, VisitorId? before, PresenceChanges changes)
    {
        // A gateway whose clock is behind uses yesterday's salt for a while.
        if (visitors.TryGetValue(key, out var visitor) || former.TryGetValue(key, out visitor))
        {
            return visitor;
        }

        if (before is { } old && visitors.Remove(old, out visitor))
        {
            // The visitor came before midnight, and the salt has changed since.
            Forget(visitor.Before);
            (visitor.Key, visitor.Before) = (key, old);
            former[old] = visitor;
        }
        else
        {
            visitor = new Visitor(key) { Before = before };
            changes.VisitorsChanged = true;
            if (before is { } yesterdays)
            {
                // A gateway whose clock is behind may still send this identity, or one whose stream opened yesterday.
                former[yesterdays] = visitor;
            }
        }

        visitors.Add(key, visitor);
        if (issued.Remove(key, out var first))
        {
            first.Issued = null;
            Move(first, visitor, changes);
        }

        return visitor;
    }

    /// <summary>The visitor with an identity; null when there is none.</summary>
    public Visitor? Find(VisitorId key) => visitors.GetValueOrDefault(key);

    /// <summary>Records the identity that was issued to a view's browser, until the view closes.</summary>
    public void Issue(VisitorId key, View view)
    {
        Withdraw(view);
        view.Issued = key;
        issued[key] = view;
    }

    /// <summary>Removes a closed view, and its visitor with the last one.</summary>
    public void Remove(View view, PresenceChanges changes)
    {
        Withdraw(view);
        TakeFrom(view.Visitor, view, changes);
    }

    private void Withdraw(View view)
    {
        if (view.Issued is { } key)
        {
            issued.Remove(key);
            view.Issued = null;
        }
    }

    /// <summary>Moves a view to the visitor with the identity that its browser was issued: the view was that visitor's from the start.</summary>
    public void Move(View view, Visitor visitor, PresenceChanges changes)
    {
        TakeFrom(view.Visitor, view, changes);
        view.Visitor = visitor;
        visitor.Insert(view);
    }

    private void TakeFrom(Visitor visitor, View view, PresenceChanges changes)
    {
        visitor.Views.Remove(view);
        if (visitor.Views.Count > 0)
        {
            return;
        }

        visitors.Remove(visitor.Key);
        Forget(visitor.Before);
        changes.VisitorsChanged = true;
    }

    private void Forget(VisitorId? before)
    {
        if (before is { } key)
        {
            former.Remove(key);
        }
    }
}
