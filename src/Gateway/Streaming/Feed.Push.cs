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
            return IsIncluded(viewer) || site.IsStale || frozen is not null;
        }
    }

    private bool IsIncluded(FeedSubscriber viewer) => total.Version > 0 && viewer.Entry is not { IsAcknowledged: false };

    /// <inheritdoc/>
    protected override void Push(ReadOnlySpan<FeedSubscriber> everybody)
    {
        using var span = Interlocked.Exchange(ref cause, null) is { } began
            ? Traces.Source.StartActivity("counter.push", ActivityKind.Producer, began.Context)
            : null;
        span?.SetTag("counter.streams", everybody.Length);
        var displayed = State;
        var isStale = site.IsStale;
        bool isFrozen, toAll;
        lock (Gate)
        {
            isFrozen = frozen is not null;
            toAll = !JudgeStorm(everybody.Length) || clock.GetElapsedTime(pushedToAll) >= StormPace;
        }

        foreach (var viewer in everybody)
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
            else if (toAll && !isFrozen && shown != displayed && (shown.Live || IsIncluded(viewer)))
            {
                viewer.Show(displayed);
            }
        }

        if (toAll)
        {
            pushedToAll = clock.GetTimestamp();
        }
        else
        {
            Changed();
        }
    }

    /// <summary>Whether a storm of joins continues. It is measured over time, because pushes can be closer together than a storm lasts.</summary>
    private bool JudgeStorm(int all)
    {
        var elapsed = clock.GetElapsedTime(stormSince);
        var isMany = newcomers * (StormTime / (elapsed > StormTime ? elapsed : StormTime)) >= Math.Max(StormNewcomers, all / StormShare);
        if (isMany || elapsed >= StormTime)
        {
            (isStorm, newcomers, stormSince) = (isMany, 0, clock.GetTimestamp());
        }

        return isStorm;
    }
}
