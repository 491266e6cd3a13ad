using System.Diagnostics;
using Counter.Grains;

namespace Counter.Gateway.Streaming;

/// <content>Decides which streams get a push.</content>
internal sealed partial class Feed
{
    /// <summary>Whether a stream can get a frame: the number includes it, or the presence of the site does not answer.</summary>
    public bool CanShow(FeedSubscriber viewer)
    {
        lock (Gate)
        {
            return IsIncluded(viewer) || IsStale || frozen is not null;
        }
    }

    private bool IsIncluded(FeedSubscriber viewer) => total.Version > 0 && viewer.Entry is not { IsAcknowledged: false };

    /// <inheritdoc/>
    protected override void Push(ArraySegment<FeedSubscriber> everybody)
    {
        using var span = Interlocked.Exchange(ref cause, null) is { } began
            ? Traces.Source.StartActivity("counter.push", ActivityKind.Producer, began.Context)
            : null;
        span?.SetTag("counter.streams", everybody.Count);
        var displayed = State;
        var now = clock.GetTimestamp();
        // Timers are exact to a millisecond or two. A push that comes a little early must not wait for the one after.
        var toAll = clock.GetElapsedTime(pushedToAll, now) >= options.PaceFor(everybody.Count) - (options.Pace / 2);
        bool isStale, isFrozen, isNew = false;
        lock (Gate)
        {
            isStale = IsStale;
            isFrozen = frozen is not null;
        }

        ForEach(everybody, viewer =>
        {
            if (viewer.Shown is not { } shown)
            {
                // The first frame has a number that includes the stream, or is marked as not live.
                var isIncluded = IsIncluded(viewer);
                if (isIncluded || isStale || isFrozen)
                {
                    viewer.Show(isIncluded ? displayed : displayed with { Live = false });
                }
            }
            else if (!isFrozen && shown != displayed && (shown.Live || IsIncluded(viewer)))
            {
                Volatile.Write(ref isNew, true);
                if (toAll)
                {
                    viewer.Show(displayed);
                }
            }
        });

        if (isNew && toAll)
        {
            pushedToAll = now;
        }
        else if (isNew)
        {
            Changed();
        }
    }
}
