using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>What the cluster was told, and is to be told.</content>
public sealed partial class Audience
{
    /// <summary>Whether some of what was reported may not be in the totals of the cluster.</summary>
    public bool IsInDoubt => Read(static a => a.inDoubt > 0);

    /// <summary>
    /// The viewers here that a total of the cluster includes: those that were reported. Null for a number of which something is in doubt:
    /// the cluster may have given up what it had. It is reported again, and the answer to the last of those reports says what there is.
    /// </summary>
    public int? Included(CountKey key)
    {
        lock (gate)
        {
            if (key.Of == CountOf.Site)
            {
                return sites.GetValueOrDefault(key.Site) is not { } site ? 0 : site.InDoubt > 0 ? null : site.Reported;
            }

            return pages.GetValueOrDefault(new PageKey(key.Site, key.Path)) is not { } page ? 0 : page.InDoubt ? null : page.Reported;
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
                ReportAgain(audience);
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
                if (!pages.TryGetValue(report.Page, out var audience) || audience.Sequence != report.Sequence)
                {
                    continue;
                }

                Doubt(audience, false);
                if (report.Viewers == 0 && !audience.Unreported)
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
                    ReportAgain(audience);
                }
            }
        }
    }

    private void Report(PageAudience audience)
    {
        if (!audience.Unreported)
        {
            audience.Unreported = true;
            unreported.Enqueue(audience);
        }
    }

    private void ReportAgain(PageAudience audience)
    {
        Report(audience);
        Doubt(audience, true);
    }

    private void Doubt(PageAudience audience, bool doubt)
    {
        if (audience.InDoubt != doubt)
        {
            audience.InDoubt = doubt;
            audience.Site.InDoubt += doubt ? 1 : -1;
            inDoubt += doubt ? 1 : -1;
        }
    }

    private PageReport Say(PageAudience audience)
    {
        audience.Unreported = false;
        audience.Site.Reported += audience.Viewers - audience.Reported;
        allReported += audience.Viewers - audience.Reported;
        audience.Reported = audience.Viewers;
        audience.Sequence = ++sequence;
        return new PageReport(audience.Page, audience.Opened, audience.Sequence, audience.Viewers, audience.Arrivals);
    }
}
