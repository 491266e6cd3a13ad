using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Who has to be told something, collected under the lock and told after it.</summary>
internal sealed class Effects
{
    private readonly List<PageKey> changed = [];
    private readonly List<IOpenResponse> nudged = [];
    private readonly List<IOpenResponse> ended = [];

    /// <summary>The page's viewers changed.</summary>
    public void Changed(PageKey page)
    {
        // Once is enough: a feed that is told twice would push nothing and wait for its pace after that.
        if (!changed.Contains(page))
        {
            changed.Add(page);
        }
    }

    /// <summary>The spot's streams get their current frame.</summary>
    public void Nudge(Spot spot) => nudged.AddRange(spot.Views.SelectMany(view => view.Streams).Select(ticket => ticket.Stream));

    /// <summary>The view's streams are ended.</summary>
    public void End(View view) => ended.AddRange(view.Streams.Select(ticket => ticket.Stream));

    /// <summary>Tells them.</summary>
    public void Run(Action<PageKey> tellChanged)
    {
        changed.ForEach(tellChanged);
        nudged.ForEach(stream => stream.Nudge());
        ended.ForEach(stream => stream.End());
    }
}
