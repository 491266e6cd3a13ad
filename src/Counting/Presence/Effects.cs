using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>What happened under the lock: which spots to count anew, and who has to be told something after it.</summary>
internal sealed class Effects
{
    private readonly List<Spot> touched = [];
    private readonly List<PageKey> changed = [];

    // Most of what happens has none of these.
    private List<string>? visitors;
    private List<IOpenResponse>? nudged;
    private List<IOpenResponse>? ended;
    private PageKey? arrived;
    private int arrivals;

    /// <summary>What counts in the spot may have changed.</summary>
    public void Touch(Spot spot)
    {
        if (!touched.Contains(spot))
        {
            touched.Add(spot);
        }
    }

    /// <summary>Viewers came to a page, of which there is only one; less than 0 where two gateways had counted one who came.</summary>
    public void Came(PageKey page, int viewers)
    {
        arrived = page;
        arrivals += viewers;
    }

    /// <summary>The page's viewers changed, or it has a new one.</summary>
    public void Changed(PageKey page)
    {
        // Once is enough: a feed that is told twice would push nothing and wait for its pace after that.
        if (!changed.Contains(page))
        {
            changed.Add(page);
        }
    }

    /// <summary>The site's visitors changed.</summary>
    public void VisitorsChanged(string site)
    {
        visitors ??= [];
        if (!visitors.Contains(site))
        {
            visitors.Add(site);
        }
    }

    /// <summary>The spot's streams here get their current frame.</summary>
    public void Nudge(Spot spot) => (nudged ??= []).AddRange(spot.Views.SelectMany(Here));

    /// <summary>The view's streams here are ended.</summary>
    public void End(View view) => (ended ??= []).AddRange(Here(view));

    /// <summary>Brings the audience up to date with all that was touched, in one step.</summary>
    public void Settle(Audience audience)
    {
        foreach (var spot in touched)
        {
            if (spot.CountHere() != spot.Counted)
            {
                Changed(spot.Page);
            }
        }

        if (arrived is { } page)
        {
            Changed(page);
        }

        if (changed.Count > 0)
        {
            audience.Settle(touched, arrived, arrivals);
        }
    }

    /// <summary>Tells them.</summary>
    public void Run(Action<PageKey> tellChanged, Action<string>? tellVisitors)
    {
        changed.ForEach(tellChanged);
        if (tellVisitors is not null)
        {
            visitors?.ForEach(tellVisitors);
        }

        nudged?.ForEach(static stream => stream.Probe(static () => { }));
        ended?.ForEach(stream => stream.End());
    }

    private static IEnumerable<IOpenResponse> Here(View view) => view.Streams.Select(stream => stream.Response).OfType<IOpenResponse>();
}
