using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>One browser on one site and what it has open there.</summary>
internal sealed class Visitor(VisitorKey key)
{
    private Queue<(long At, View? Left)>? departures;

    /// <summary>How it is known; changes when the day's salt does.</summary>
    public VisitorKey Key { get; set; } = key;

    /// <summary>How it is or would have been known before midnight; null when that cannot be.</summary>
    public VisitorKey? Before { get; set; }

    /// <summary>Its open views, the newest last.</summary>
    public List<View> Views { get; } = new(1);

    /// <summary>Whether more than one of its views counts, so that it is several tabs or people.</summary>
    public bool IsSeveral => Views.Select(view => view.Spot).Distinct().Sum(spot => spot.Counting) > 1;

    /// <summary>A view closed that was probably looked at: it may have been left for one that opens next.</summary>
    /// <param name="clock">Tells when.</param>
    /// <param name="left">The view; null when somebody else's may have been meant, so that what it had raised is not the next one's.</param>
    public void Depart(TimeProvider clock, View? left) => (departures ??= new(1)).Enqueue((clock.GetTimestamp(), left));

    /// <summary>Takes a departure that is recent enough for a view that opens now.</summary>
    public bool TakeDeparture(TimeProvider clock, out View? left)
    {
        while (departures?.TryDequeue(out var departure) is true)
        {
            if (clock.GetElapsedTime(departure.At) <= Presence.Grace)
            {
                left = departure.Left;
                return true;
            }
        }

        left = null;
        return false;
    }

    /// <summary>A view that opened just now, after another that has closed, and of which it is not known yet which it was opened instead of.</summary>
    public View? UnexplainedOpening(View after, TimeProvider clock) =>
        Views.Find(view => !view.Explained && view.IsAfter(after) && clock.GetElapsedTime(view.OpenedAt) <= Presence.Grace);

    /// <summary>The newest view on a page where it counts, of those that began before another would have.</summary>
    public View? NewestCounting(long stamp, ViewName name) => Views.FindLast(view => view.Spot.Counting > 0 && !view.IsAfter(stamp, name));

    /// <summary>The first that opened after another and may have been opened instead of it; null unless that one was heard of late.</summary>
    public View? OpenedInstead(View of, TimeProvider clock)
    {
        View? first = null;
        for (var i = Views.Count - 1; i >= 0 && Views[i].IsAfter(of); i--)
        {
            var view = Views[i];
            first = !view.Explained && view.MayReplace(of) && clock.GetElapsedTime(view.OpenedAt) < Presence.DoubtLasts ? view : first;
        }

        return first;
    }

    /// <summary>The view of a page load by the name that the page gave it.</summary>
    public View? FindLoad(PageKey page, ulong load) => Views.Find(view => view.Load == load && view.Spot.Page == page);

    /// <summary>Its place on a page: that of its other views there, or a new one.</summary>
    public Spot SpotOn(PageKey page) => Views.Find(view => view.Spot.Page == page)?.Spot ?? new Spot(page);

    /// <summary>The view of a name.</summary>
    public View? Find(ViewName name) => Views.Find(view => view.Name == name);
}
