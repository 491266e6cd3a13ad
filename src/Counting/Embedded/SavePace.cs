namespace Counter.Counting.Embedded;

/// <summary>Says how often sites are saved, so that saving takes no more than a fixed share of one core.</summary>
internal static class SavePace
{
    /// <summary>The share of one core's time that saving may take.</summary>
    public const double Share = 0.05;

    /// <summary>
    /// The time from one save to the next for each of the sites that want saving. Every site has an equal claim on the share; what the
    /// cheap ones do not need goes to the dear ones. So a big site is saved more rarely, and does not make the small ones wait.
    /// </summary>
    /// <param name="costs">The time that a save of each site takes.</param>
    /// <param name="interval">The least time between two saves of a site.</param>
    public static TimeSpan[] Periods(IReadOnlyList<TimeSpan> costs, TimeSpan interval)
    {
        var periods = new TimeSpan[costs.Count];
        var left = Share;
        var sites = costs.Count;
        foreach (var i in Enumerable.Range(0, costs.Count).OrderBy(i => costs[i]))
        {
            var wanted = costs[i] / interval;
            var given = Math.Min(wanted, left / sites--);
            left -= given;
            periods[i] = wanted <= given ? interval : costs[i] / given;
        }

        return periods;
    }
}
