using System.Diagnostics;
using Counter.Gateway.Frames;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Streaming;

/// <content>What is pushed to whom.</content>
internal sealed partial class Feed
{
    /// <summary>Whether a stream can be shown something: a number that includes it, or that the presence of the site does not answer.</summary>
    public bool CanShow(FeedViewer viewer)
    {
        lock (gate)
        {
            return IsIncluded(viewer) || site.IsStale || frozen is not null;
        }
    }

    private bool IsIncluded(FeedViewer viewer) => total.Version > 0 && viewer.Entry is not { IsAcknowledged: false };

    /// <summary>Never runs twice at once (the pacing sees to that), so the array is reused from push to push.</summary>
    private void Push()
    {
        using var span = Interlocked.Exchange(ref cause, null) is { } began
            ? Traces.Source.StartActivity("counter.push", ActivityKind.Producer, began.Context)
            : null;
        var reading = new Reading(Number);
        var isStale = site.IsStale;
        int count;
        bool isFrozen, toAll;
        lock (gate)
        {
            isFrozen = frozen is not null;
            count = viewers.Count;
            toAll = !JudgeStorm() || clock.GetElapsedTime(pushedToAll) >= StormPace;
            if (pushing.Length < count || pushing.Length > 4 * (count + 16))
            {
                pushing = new FeedViewer[count + count / 2];
            }

            viewers.CopyTo(pushing);
        }

        span?.SetTag("counter.streams", count);
        var everybody = pushing.AsSpan(0, count);
        foreach (var viewer in everybody)
        {
            if (viewer.Shown is not { } shown)
            {
                // The first frame has the number that includes the stream, or else says that it may not be the one of now.
                var isIncluded = IsIncluded(viewer);
                if (isIncluded || isStale || isFrozen)
                {
                    viewer.Show(isIncluded ? reading : reading with { Live = false });
                }
            }
            else if (toAll && !isFrozen && shown != reading && (shown.Live || IsIncluded(viewer)))
            {
                viewer.Show(reading);
            }
        }

        everybody.Clear();
        if (toAll)
        {
            pushedToAll = clock.GetTimestamp();
        }
        else
        {
            Changed();
        }
    }

    /// <summary>Whether a storm of joins goes on. Pushes may follow each other faster than it does, so it is judged by time.</summary>
    private bool JudgeStorm()
    {
        var elapsed = clock.GetElapsedTime(stormSince);
        var isMany = newcomers * (StormTime / (elapsed > StormTime ? elapsed : StormTime)) >= Math.Max(StormNewcomers, viewers.Count / StormShare);
        if (isMany || elapsed >= StormTime)
        {
            (isStorm, newcomers, stormSince) = (isMany, 0, clock.GetTimestamp());
        }

        return isStorm;
    }
}
