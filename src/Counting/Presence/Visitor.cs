namespace Counter.Counting.Presence;

/// <summary>One browser on one site and what it has open there.</summary>
internal sealed class Visitor(VisitorKey key)
{
    private Queue<long>? departures;

    /// <summary>How it is known; changes when the day's salt does.</summary>
    public VisitorKey Key { get; set; } = key;

    /// <summary>How it is or would have been known before midnight; null when that cannot be.</summary>
    public VisitorKey? Before { get; set; }

    /// <summary>Its open views, the newest last.</summary>
    public List<View> Views { get; } = new(1);

    /// <summary>Puts a view at its place.</summary>
    public void Insert(View view)
    {
        var at = Views.Count;
        while (at > 0 && Views[at - 1].IsAfter(view))
        {
            at--;
        }

        Views.Insert(at, view);
    }

    /// <summary>A view closed that nobody had suspected: it may have been left for one that opens next.</summary>
    public void Depart(TimeProvider clock) => (departures ??= new(1)).Enqueue(clock.GetTimestamp());

    /// <summary>Takes a departure that is recent enough for a view that opens now.</summary>
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

    /// <summary>The oldest view for which it is not known which one was left, and that may have been opened instead of one that closed now.</summary>
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

    /// <summary>The newest of its views but one that fits, among the newest ones.</summary>
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

    /// <summary>The first that opened after another and may have been opened instead of it; null unless that one was heard of late.</summary>
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
