using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>The reports to the owners of peaks, arrivals and history.</content>
public sealed partial class SitePresence
{
    private readonly Queue<SiteNumber> unreported = [];

    /// <summary>Whether there are reports to send.</summary>
    public bool HasReports => unreported.Count > 0;

    /// <summary>The pages that have viewers.</summary>
    public IReadOnlyList<PageReport> Pages =>
        [.. pages.Values.Where(page => page.Published > 0).Select(page => new PageReport(page.Page, page.Opened, page.Version, page.Published, page.Arrivals))];

    /// <summary>Takes the reports of changed pages, those that have waited longest first.</summary>
    /// <param name="most">The most reports to take.</param>
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

    /// <summary>
    /// These reports were applied. Pages that nobody looks at any more are removed, or begin anew if a gateway still shows them: if such a page is
    /// deleted, its arrivals must not come back with its next report.
    /// </summary>
    public void Confirm(IReadOnlyList<PageReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        foreach (var report in reports)
        {
            if (pages.TryGetValue(report.Page.Path, out var page) && page.Reported == report.Sequence)
            {
                page.IsConfirmed = true;
                Count(page, report.Arrivals);
                if (page.IsLeft)
                {
                    page.BeginAnew(++version);
                }

                ForgetIfUnused(page);
            }
        }
    }

    /// <summary>These reports were not applied. Their pages are reported again, with their values at that time.</summary>
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

    /// <summary>Reports every page again, because the receivers may have lost earlier reports.</summary>
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
