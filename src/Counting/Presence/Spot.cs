using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>A visitor on a page: which of its views there are looked at cannot be told, only how many.</summary>
/// <remarks>
/// <para>Behind one address a whole class can look like one browser. When one of them moves on, one view of this page is in doubt;
/// when any view of this page closes, that was it. So doubts belong to the spot and not to one of its views.</para>
/// <para>Which gateway counts a view is another matter: that is its owner (<see cref="View.IsOurs"/>). Where a spot has views of
/// several owners its doubts cover the oldest views, so that the gateways agree on who leaves out which.</para>
/// </remarks>
internal sealed class Spot(PageKey page)
{
    private readonly List<View> views = new(1);
    private List<Doubt>? doubts;

    /// <summary>The page.</summary>
    public PageKey Page { get; } = page;

    /// <summary>The visitor's open views of the page, the oldest first.</summary>
    public IReadOnlyList<View> Views => views;

    /// <summary>The doubts that are not settled yet, the oldest first; never more than views. Most spots never have one.</summary>
    public List<Doubt> Doubts => doubts ??= new(1);

    /// <summary>How many doubts there are.</summary>
    public int InDoubt => doubts?.Count ?? 0;

    /// <summary>The views that count, at all gateways.</summary>
    public int Counting => views.Count - InDoubt;

    /// <summary>The views that this gateway owns.</summary>
    public int Ours { get; set; }

    /// <summary>How many of its views the audience has.</summary>
    public int Counted { get; set; }

    /// <summary>The views that count and that this gateway owns.</summary>
    public int CountHere()
    {
        if (Ours == views.Count || Ours == 0)
        {
            return Ours == 0 ? 0 : Counting;
        }

        var count = Ours;
        for (var i = 0; i < InDoubt; i++)
        {
            count -= views[i].IsOurs ? 1 : 0;
        }

        return count;
    }

    /// <summary>Takes a view in, at its place.</summary>
    public void Add(View view)
    {
        view.Spot = this;
        view.InsertInto(views);
        Ours += view.IsOurs ? 1 : 0;
    }

    /// <summary>Takes a view out.</summary>
    public void Remove(View view)
    {
        if (views.Remove(view))
        {
            Ours -= view.IsOurs ? 1 : 0;
        }
    }
}
