using Counter.Counting.Presence;
using Counter.Gateway.Cluster;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Sites for feeds whose numbers a test sets.</summary>
internal static class FeedSites
{
    /// <summary>A site whose presence answers, as far as is known.</summary>
    public static SiteConnection Make(string site, TimeProvider clock) => new(new SiteStreams("gateway", site, () => 1, clock));
}
