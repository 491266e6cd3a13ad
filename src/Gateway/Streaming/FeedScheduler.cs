using System.Diagnostics.CodeAnalysis;

namespace Counter.Gateway.Streaming;

/// <summary>Schedules the maintenance of feeds, so that no round checks a hundred thousand feeds four times a second.</summary>
internal sealed class FeedScheduler(TimeProvider clock)
{
    // The longest time until maintenance, whatever the settings are. A closed feed stays in the queue for no longer.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Feed, long> queue = new();

    /// <summary>Schedules maintenance in the first round after a time. An earlier schedule stays.</summary>
    public void Schedule(Feed feed, TimeSpan after)
    {
        // Never in the current round.
        var seconds = Math.Min(after.TotalSeconds, Most.TotalSeconds);
        var at = clock.GetTimestamp() + Math.Max(1, (long)(seconds * clock.TimestampFrequency));
        lock (gate)
        {
            if (feed.LookAt is { } sooner && sooner <= at)
            {
                return;
            }

            feed.LookAt = at;
            queue.Enqueue(feed, at);
        }
    }

    /// <summary>The feeds that are due now, each once. A feed that is scheduled meanwhile comes with the next round.</summary>
    public IEnumerable<Feed> Due()
    {
        for (var now = clock.GetTimestamp(); TryTake(now, out var feed);)
        {
            yield return feed;
        }
    }

    private bool TryTake(long now, [NotNullWhen(true)] out Feed? feed)
    {
        lock (gate)
        {
            while (queue.TryPeek(out feed, out var at) && at <= now)
            {
                queue.Dequeue();
                if (feed.LookAt == at)
                {
                    feed.LookAt = null;
                    return true;
                }

                // An earlier entry of this feed has replaced this one.
            }

            feed = null;
            return false;
        }
    }
}
