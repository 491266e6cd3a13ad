using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Grains.Messages;

/// <summary>How a page is: what its grain tells its site's.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Known">False when a report was not taken, because its gateway is not known; the rest says nothing then.</param>
/// <param name="Number">The total.</param>
/// <param name="Revision">Rises with whatever changes here while the grain is active, so that what comes late is known to be late.</param>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="PeakAt">When that was.</param>
/// <param name="Arrivals">The viewers that ever came.</param>
/// <param name="Since">When the first one came; null when none did.</param>
/// <param name="SeenAt">When the page was last heard of.</param>
[GenerateSerializer, Immutable, Alias("counter.PageNews")]
internal sealed record PageNews(
    [property: Id(0)] string Path,
    [property: Id(1)] bool Known,
    [property: Id(2)] NumberTold Number,
    [property: Id(3)] long Revision,
    [property: Id(4)] int Peak,
    [property: Id(5)] DateTimeOffset? PeakAt,
    [property: Id(6)] long Arrivals,
    [property: Id(7)] DateTimeOffset? Since,
    [property: Id(8)] DateTimeOffset SeenAt)
{
    /// <summary>The same for whoever asks the cluster.</summary>
    public CountStatus Status(string site) => new(CountKey.ForPage(new PageKey(site, Path)), Number.Viewers, Peak, PeakAt, Arrivals, Since);
}
