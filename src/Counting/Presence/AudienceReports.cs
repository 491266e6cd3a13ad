using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>What the cluster was told, and is to be told.</content>
public sealed partial class Audience
{
    /// <summary>The viewers here that the latest report spoke of: what a total made from that report includes.</summary>
    public int Reported(CountKey key)
    {
        lock (gate)
        {
            return key.Of == CountOf.Site
                ? sites.GetValueOrDefault(key.Site)?.Reported ?? 0
                : pages.GetValueOrDefault(new PageKey(key.Site, key.Path))?.Reported ?? 0;
        }
    }

    /// <summary>
    /// The viewers here that a total includes which is no answer to a report: those that were reported. Null for a number of which
    /// something is to be reported again: the cluster may have given up what it had, and the answer will say what there is.
    /// </summary>
    public int? Included(CountKey key)
    {
        lock (gate)
        {
            if (key.Of == CountOf.Site)
            {
                return sites.GetValueOrDefault(key.Site) is not { } site ? 0 : site is { Reported: > 0, Unreported: > 0 } ? null : site.Reported;
            }

            return pages.GetValueOrDefault(new PageKey(key.Site, key.Path)) is not { } page ? 0 : page is { Reported: > 0, Unreported: true } ? null : page.Reported;
        }
    }

    /// <summary>
    /// The state of pages that changed since they were last taken, as it is now. Those that wait longest come first, so that none
    /// waits for ever while others change.
    /// </summary>
    /// <param name="most">How many at most; when it gets as many, there may be more.</param>
    public IReadOnlyList<PageReport> TakeChanges(int most = int.MaxValue)
    {
        lock (gate)
        {
            var reports = new List<PageReport>(Math.Min(most, unreported.Count));
            while (reports.Count < most && unreported.TryDequeue(out var audience))
            {
                reports.Add(Say(audience));
            }

            return reports;
        }
    }

    /// <summary>Has every page reported again, as after a time without the cluster.</summary>
    public void ReportAll()
    {
        lock (gate)
        {
            foreach (var audience in pages.Values)
            {
                Report(audience);
            }
        }
    }

    /// <summary>The cluster has these; pages that nobody looks at any more are forgotten.</summary>
    public void Confirm(IReadOnlyList<PageReport> reports)
    {
        lock (gate)
        {
            foreach (var report in reports)
            {
                if (report.Viewers == 0 && pages.TryGetValue(report.Page, out var audience)
                    && audience.Sequence == report.Sequence && !audience.Unreported)
                {
                    Forget(audience);
                }
            }
        }
    }

    /// <summary>The cluster never got these; they go out with the next report, as they are by then.</summary>
    public void Fail(IReadOnlyList<PageReport> reports)
    {
        lock (gate)
        {
            foreach (var report in reports)
            {
                if (pages.TryGetValue(report.Page, out var audience))
                {
                    Report(audience);
                }
            }
        }
    }

    private void Report(PageAudience audience)
    {
        if (!audience.Unreported)
        {
            audience.Unreported = true;
            audience.Site.Unreported++;
            unreported.Enqueue(audience);
        }
    }

    private PageReport Say(PageAudience audience)
    {
        audience.Unreported = false;
        audience.Site.Unreported--;
        audience.Site.Reported += audience.Viewers - audience.Reported;
        allReported += audience.Viewers - audience.Reported;
        audience.Reported = audience.Viewers;
        audience.Sequence = ++sequence;
        return new PageReport(audience.Page, audience.Opened, audience.Sequence, audience.Viewers, audience.Arrivals);
    }
}
