using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Counting.Totals;

namespace Counter.Counting.Tests.Presence.Network;

/// <summary>Keeps the totals of a site and its pages, as their grains do.</summary>
internal sealed class TotalsKeeper(TimeProvider clock)
{
    private readonly Dictionary<string, PageTotals> pages = [];

    /// <summary>The whole site.</summary>
    public Tally Site { get; private set; } = new(clock.GetUtcNow());

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A page; nothing is known of one that nobody reported.</summary>
    public Tally Page(string path) => pages.TryGetValue(path, out var page) ? page.Tally : new Tally(Now);

    /// <summary>Takes what is reported.</summary>
    public void Apply(IReadOnlyList<PageReport> reports)
    {
        var before = pages.Values.Sum(page => page.Tally.Arrivals);
        foreach (var report in reports)
        {
            var path = report.Page.Path;
            var page = pages.TryGetValue(path, out var known) ? known : pages[path] = new PageTotals(report.Page, new Tally(Now));
            page.Apply(report, Now);
        }

        Site.Observe(pages.Values.Sum(page => (long)page.Tally.Viewers), pages.Values.Sum(page => page.Tally.Arrivals) - before, Now);
    }

    /// <summary>Answers a question.</summary>
    public (long Total, DateTimeOffset? First) Answer(TotalQuestion question)
    {
        var tally = question.Key.Path.Length == 0 ? Site : Page(question.Key.Path);
        var total = question.From is { } from ? tally.Read(HistoryStep.Quarter, from, DateTimeOffset.MaxValue, Now).ArrivalsSince(from)
            : question.Key.Of == CountOf.Peak ? tally.Peak : tally.Arrivals;
        return (total, tally.Since);
    }

    /// <summary>Forgets a page that nobody looks at, as the API does.</summary>
    public void Delete(string path) => pages.Remove(path);

    /// <summary>Forgets what was, as the API does.</summary>
    public void Reset()
    {
        foreach (var page in pages.Values)
        {
            page.Reset(Now);
        }

        Site = Site.Anew(Now);
    }
}
