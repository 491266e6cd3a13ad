using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>What is kept of one page: takes reports of its number. Pure: the time comes in, nothing goes out. Not safe for concurrent use.</summary>
/// <remarks>Only a report with a higher number counts; lost, repeated and late ones do no harm. Arrivals that were counted are not counted again.</remarks>
/// <param name="page">The page.</param>
/// <param name="tally">What is known of it.</param>
/// <param name="opened">Since which report <paramref name="arrivals"/> are counted.</param>
/// <param name="arrivals">The arrivals since then that are counted already.</param>
public sealed class PageTotals(PageKey page, Tally tally, long opened = 0, long arrivals = 0)
{
    /// <summary>The page.</summary>
    public PageKey Page => page;

    /// <summary>The total.</summary>
    public Tally Tally { get; private set; } = tally;

    /// <summary>The number of the last report; 0 before there was one.</summary>
    public long Sequence { get; private set; }

    /// <summary>Since which report <see cref="Arrivals"/> are counted.</summary>
    public long Opened { get; private set; } = opened;

    /// <summary>The arrivals since then that are counted. It has to be stored with the total, so that what is reported again is not counted twice.</summary>
    public long Arrivals { get; private set; } = arrivals;

    /// <summary>Takes a report, unless a newer one was taken; negative numbers are read as 0.</summary>
    /// <returns>Whether it was taken.</returns>
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

    /// <summary>Forgets peak, arrivals and history. The viewers stay.</summary>
    public void Reset(DateTimeOffset now) => Tally = Tally.Anew(now);
}
