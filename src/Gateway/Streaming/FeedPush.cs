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
        bool isStorm, isFrozen;
        lock (gate)
        {
            isFrozen = frozen is not null;
            count = viewers.Count;
            isStorm = newcomers >= Math.Max(StormNewcomers, count / StormShare);
            newcomers = 0;
            if (pushing.Length < count || pushing.Length > 4 * (count + 16))
            {
                pushing = new FeedViewer[count + count / 2];
            }

            viewers.CopyTo(pushing);
        }

        span?.SetTag("counter.streams", count);
        var everybody = pushing.AsSpan(0, count);
        var toAll = !(isStorm || wasStorm) || clock.GetElapsedTime(pushedToAll) >= StormPace;
        wasStorm = isStorm;
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
}
