using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>What operators can ask.</content>
public sealed partial class Presence
{
    /// <summary>What is known of a page. Looks at everybody, so it is for operators and not for every request.</summary>
    public PagePresence Explain(PageKey page)
    {
        lock (gate)
        {
            var views = visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Page == page).ToList();
            return new PagePresence(
                views.Sum(view => view.Streams.Count),
                views.Count(view => view.Counts),
                views.Count(view => view.Suspicion is not null),
                views.Count(view => view.Prerender is not null));
        }
    }

    /// <summary>Whether probes work, by browser version.</summary>
    public IReadOnlyList<BrowserProbes> ExplainProbes()
    {
        lock (gate)
        {
            return [.. rules.Record.Versions.Select(
                version => new BrowserProbes(version.Browser, version.WorkedOfLast, version.FailedOfLast, version.Failures, version.IsGivenUp))];
        }
    }
}
