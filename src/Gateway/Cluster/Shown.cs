using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Cluster;

/// <summary>
/// The numbers that are shown here, listed anew only when there may be others: as soon as somebody looks at a new one, and now and then
/// for those that nobody looks at any more. Not to be asked in parallel.
/// </summary>
internal sealed class Shown
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(5);

    private readonly Feeds feeds;
    private readonly TimeProvider clock;
    private volatile bool outdated = true;
    private CountKey[] keys = [];
    private long listedAt;

    public Shown(Feeds feeds, TimeProvider clock)
    {
        (this.feeds, this.clock) = (feeds, clock);
        feeds.Opened += _ => outdated = true;
    }

    /// <summary>The numbers; the same object as long as nothing is new.</summary>
    public CountKey[] List()
    {
        if (outdated || clock.GetElapsedTime(listedAt) >= Holds)
        {
            // Before it looks: whoever opens a number meanwhile has it listed once more.
            outdated = false;
            listedAt = clock.GetTimestamp();
            keys = [.. feeds.All.Select(feed => feed.Key)];
        }

        return keys;
    }
}
