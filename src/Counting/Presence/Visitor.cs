namespace Counter.Counting.Presence;

/// <summary>One browser on one site, with its open views.</summary>
internal sealed class Visitor(VisitorId key)
{
    private Queue<long>? departures;

    /// <summary>Its identity, which changes with the day's salt.</summary>
    public VisitorId Key { get; set; } = key;

    /// <summary>Its identity with the salt of the day before; null when there can be none.</summary>
    public VisitorId? Before { get; set; }

    /// <summary>Its open views, newest last.</summary>
    public List<View> Views { get; } = new(1);

    /// <summary>Inserts a view by its opening time.</summary>
    public void Insert(View view)
    {
        var at = Views.Count;
        while (at > 0 && Views[at - 1].IsAfter(view))
        {
            at--;
        }

        Views.Insert(at, view);
    }

    /// <summary>Records that a view closed without being suspected: it may have been left for the next one that opens.</summary>
    public void Depart(TimeProvider clock) => (departures ??= new(1)).Enqueue(clock.GetTimestamp());

    /// <summary>Takes a departure that is recent enough to explain a view that opens now.</summary>
    public bool TakeDeparture(TimeProvider clock)
    {
        while (departures?.TryDequeue(out var departure) is true)
        {
            if (clock.GetElapsedTime(departure) <= SitePresence.Grace)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The oldest unexplained view that may have been opened instead of one that closed now.</summary>
    public View? FindUnexplained(View closed, TimeProvider clock)
    {
        View? oldest = null;
        for (var (i, searched) = (Views.Count - 1, 0); i >= 0 && searched < PresenceRules.MostSearched && Views[i].IsAfter(closed); i--, searched++)
        {
            var view = Views[i];
            var isOpen = view.Raised is not null || clock.GetElapsedTime(view.OpenedAt) <= SitePresence.Grace;
            oldest = isOpen && !view.Explained && view.Prerender is null ? view : oldest;
        }

        return oldest;
    }

    /// <summary>The newest view that fits, other than one, among the newest ones.</summary>
    public View? FindNewest(View but, int most, Predicate<View> fits)
    {
        for (var (i, searched) = (Views.Count - 1, 0); i >= 0 && searched < most; i--, searched++)
        {
            if (Views[i] != but && fits(Views[i]))
            {
                return Views[i];
            }
        }

        return null;
    }

    /// <summary>The first view that opened after another and may have been opened instead of it; null unless the other was reported late.</summary>
    public View? OpenedInstead(View of, TimeProvider clock)
    {
        View? first = null;
        for (var i = Views.Count - 1; i >= 0 && Views[i].IsAfter(of); i--)
        {
            var view = Views[i];
            first = !view.Explained && view.Prerender is null && view.MayReplace(of) && clock.GetElapsedTime(view.OpenedAt) < SitePresence.Hold ? view : first;
        }

        return first;
    }
}
