using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>What is reported to those who keep peaks, arrivals and history.</content>
public sealed partial class SitePresence
{
    private readonly Queue<SiteNumber> unreported = [];

    /// <summary>Whether there is something to report.</summary>
    public bool HasReports => unreported.Count > 0;

    /// <summary>The pages that somebody is on.</summary>
    public IReadOnlyList<PageReport> Pages =>
        [.. pages.Values.Where(page => page.Published > 0).Select(page => new PageReport(page.Page, page.Opened, page.Version, page.Published, page.Arrivals))];

    /// <summary>The pages that changed since they were last taken, those that wait longest first.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<PageReport> TakeReports(int most)
    {
        var reports = new List<PageReport>(Math.Min(most, unreported.Count));
        while (reports.Count < most && unreported.TryDequeue(out var page))
        {
            page.IsUnreported = false;
            page.Reported = ++version;
            reports.Add(new PageReport(page.Page, page.Opened, page.Reported, page.Published, page.Arrivals));
        }

        return reports;
    }

    /// <summary>These reports were taken; pages that nobody looks at any more are forgotten.</summary>
    public void Confirm(IReadOnlyList<PageReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        foreach (var report in reports)
        {
            if (pages.TryGetValue(report.Page.Path, out var page) && page.Reported == report.Sequence)
            {
                page.IsConfirmed = true;
                Count(page, report.Arrivals);
                ForgetIfUnused(page);
            }
        }
    }

    /// <summary>These were not; they are to be reported again, as they are by then.</summary>
    public void Fail(IReadOnlyList<PageReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        foreach (var report in reports)
        {
            if (pages.TryGetValue(report.Page.Path, out var page))
            {
                Report(page);
            }
        }
    }

    /// <summary>Every page is to be reported again: whoever was told may have lost it.</summary>
    public void ReportAll()
    {
        foreach (var page in pages.Values.Where(page => page.Arrivals > 0 || page.Published > 0))
        {
            Report(page);
        }

        AskAll();
    }

    private void Report(SiteNumber page)
    {
        page.IsConfirmed = false;
        if (!page.IsUnreported)
        {
            page.IsUnreported = true;
            unreported.Enqueue(page);
        }
    }
}
