using Counter.Counting.Cluster;
using Counter.Counting.Pages;

namespace Counter.Grains.Pages;

/// <summary>How a page is: what its grain tells its site's, and what the site keeps of it.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Peak">The most viewers at once.</param>
/// <param name="PeakAt">When that was.</param>
/// <param name="Arrivals">The viewers that ever came.</param>
/// <param name="Since">When the first one came; null when none did.</param>
/// <param name="SeenAt">When the page was last heard of.</param>
/// <param name="Version">The number of the last report; 0 when nothing was reported since the page was read from the store.</param>
/// <param name="Viewers">The viewers now.</param>
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
    /// <summary>The same for whoever asks the cluster.</summary>
    public CountStatus Status(string site) => new(CountKey.ForPage(new PageKey(site, Path)), Viewers, Peak, PeakAt, Arrivals, Since);
}
