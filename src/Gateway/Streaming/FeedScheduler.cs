using System.Diagnostics.CodeAnalysis;

namespace Counter.Gateway.Streaming;

/// <summary>Which feeds are to be looked after when, so that nobody has to look at a hundred thousand of them four times a second.</summary>
internal sealed class FeedScheduler(TimeProvider clock)
{
    // Whatever the settings are: a feed that nobody looks at any more is kept for no longer.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Feed, long> queue = new();

    /// <summary>Has a feed looked after in the first round after a time, or earlier where that was said before.</summary>
    public void Schedule(Feed feed, TimeSpan after)
    {
        // Never in the round that is under way.
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

    /// <summary>The feeds that are due now, each once; one that is scheduled meanwhile comes with the next round.</summary>
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

                // It was to be looked after sooner than this, and was.
            }

            feed = null;
            return false;
        }
    }
}
