using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>The totals of one page, made from reports. Pure: the caller passes the time, and there is no I/O. Not safe for concurrent use.</summary>
/// <remarks>
/// Only a report with a higher number is applied, so lost, repeated and late ones do no harm. No arrival is counted twice.
/// </remarks>
/// <param name="page">The page.</param>
/// <param name="tally">Its stored totals.</param>
/// <param name="opened">The <see cref="PageReport.Opened"/> since which <paramref name="arrivals"/> are counted.</param>
/// <param name="arrivals">The arrivals since then that the totals include.</param>
public sealed class PageTotals(PageKey page, Tally tally, long opened = 0, long arrivals = 0)
{
    /// <summary>The page.</summary>
    public PageKey Page => page;

    /// <summary>Its totals.</summary>
    public Tally Tally { get; private set; } = tally;

    /// <summary>The number of the last report; 0 before the first one.</summary>
    public long Sequence { get; private set; }

    /// <summary>The <see cref="PageReport.Opened"/> since which <see cref="Arrivals"/> are counted.</summary>
    public long Opened { get; private set; } = opened;

    /// <summary>
    /// The arrivals since then that the totals include. It must be stored with the totals, so that repeated reports are not counted twice.
    /// </summary>
    public long Arrivals { get; private set; } = arrivals;

    /// <summary>Applies a report, unless a newer one was applied. Negative numbers are read as 0.</summary>
    /// <returns>Whether it was applied.</returns>
    public bool Apply(PageReport report, DateTimeOffset now)
    {
        if (report.Sequence <= Sequence)
        {
            return false;
        }

        Sequence = report.Sequence;
        var counted = report.Opened > Opened ? 0 : Arrivals;
        Opened = Math.Max(Opened, report.Opened);
        Arrivals = Math.Max(counted, report.Arrivals);
        Tally.Observe(Math.Max(0, report.Viewers), Arrivals - counted, now);
        return true;
    }

    /// <summary>Resets peak, arrivals and history. The viewers stay.</summary>
    public void Reset(DateTimeOffset now) => Tally = Tally.Anew(now);
}
