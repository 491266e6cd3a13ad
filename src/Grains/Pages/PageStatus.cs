using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Grains.Pages;

/// <summary>The status of a page. The page's grain sends it to the site's grain, which keeps it.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Peak">The highest number of viewers at once.</param>
/// <param name="PeakAt">The time of the peak.</param>
/// <param name="Arrivals">The number of all viewers that ever came.</param>
/// <param name="Since">When the first viewer came; null before.</param>
/// <param name="SeenAt">When the page was last seen.</param>
/// <param name="Version">The number of the last report; 0 before the first report since the page was read from the store.</param>
/// <param name="Viewers">The current number of viewers.</param>
[GenerateSerializer, Immutable, Alias("counter.PageNews2")]
internal sealed record PageStatus(
    [property: Id(0)] string Path,
    [property: Id(1)] int Peak,
    [property: Id(2)] DateTimeOffset? PeakAt,
    [property: Id(3)] long Arrivals,
    [property: Id(4)] DateTimeOffset? Since,
    [property: Id(5)] DateTimeOffset SeenAt,
    [property: Id(6)] long Version = 0,
    [property: Id(7)] int Viewers = 0)
{
    /// <summary>Converts it to the status that the cluster returns.</summary>
    public CountStatus Status(string site) => new(CountKey.ForPage(new PageKey(site, Path)), Viewers, Peak, PeakAt, Arrivals, Since);
}
