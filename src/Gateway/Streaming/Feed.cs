using System.Diagnostics;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Grains;

namespace Counter.Gateway.Streaming;

/// <summary>One number and the streams that show it.</summary>
/// <remarks>
/// The number is the last one of the site's presence. While the presence does not answer, the streams that opened and closed on this gateway
/// since are added. The first change is pushed at once, later changes at the pace of <see cref="StreamingOptions.PaceFor"/>: the more streams, the
/// slower, so that no page occupies a processor alone. A new stream does not wait for that pace: it gets its first frame with the next push, at most
/// one <see cref="StreamingOptions.Pace"/> later. A storm of N joins thus costs O(N) frames.
/// </remarks>
internal sealed partial class Feed : Broadcast<DisplayedCount, FeedSubscriber>
{
    private readonly SiteConnection site;
    private readonly TimeProvider clock;
    private readonly StreamingOptions options;
    private long pushedToAll;
    private bool isOverdue;
    private CountUpdate total;
    private Activity? cause;

    /// <param name="key">The number's key.</param>
    /// <param name="site">The site of the number.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="options">How often a number is pushed.</param>
    public Feed(CountKey key, SiteConnection site, TimeProvider clock, StreamingOptions options)
        : base(clock, options.Pace)
    {
        Key = key;
        this.site = site;
        total = new CountUpdate(key, 0, 0);
        this.clock = clock;
        this.options = options;
    }

    /// <summary>The number's key.</summary>
    public CountKey Key { get; }

    /// <summary>The timestamp of the next maintenance. Null when none is scheduled. Guarded by the lock of <see cref="FeedScheduler"/>.</summary>
    public long? LookAt { get; set; }

    /// <summary>Whether there is something to show: the site's presence has sent a number, or does not answer.</summary>
    public bool IsKnown
    {
        get
        {
            lock (Gate)
            {
                return total.Version > 0 || (site.IsStale && !Key.IsTotal);
            }
        }
    }

    /// <summary>The current number. After <see cref="Freeze"/>, the number at that time.</summary>
    public long Number
    {
        get
        {
            lock (Gate)
            {
                if (frozen is { } last)
                {
                    return last;
                }
            }

            var unanswered = site.Unanswered(Key);
            lock (Gate)
            {
                return Math.Max(0, total.Viewers + unanswered);
            }
        }
    }

    /// <summary>Whether an answer is late: of the site's presence, or about a total, which may not be known though the presence answers.</summary>
    public bool IsStale
    {
        get
        {
            lock (Gate)
            {
                return site.IsStale || (isOverdue && total.Version == 0);
            }
        }
    }

    /// <inheritdoc/>
    public override DisplayedCount State => new(Number);

    /// <summary>Adds a stream. The next <see cref="Changed"/> gives it its first frame.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame of a number for this stream.</param>
    /// <param name="pace">The shortest time between two frames of different numbers. Zero for the feed's own pace.</param>
    /// <param name="large">Draws the frames in the background, where drawing is slow.</param>
    public FeedSubscriber Join(LiveStream stream, Func<DisplayedCount, Frame> draw, TimeSpan pace, LargePicture? large = null)
    {
        var viewer = pace > TimeSpan.Zero
            ? new PacedSubscriber(this, stream, draw, pace, clock, large)
            : new FeedSubscriber(this, stream, draw, large);
        Add(viewer);
        return viewer;
    }

    /// <summary>Pushes the number, which may have changed, to the streams that do not show it yet. Also called after a join.</summary>
    public override void Changed()
    {
        cause = Traces.Current ?? cause;
        base.Changed();
    }

    /// <summary>Applies a number, unless a newer one is known.</summary>
    public void Apply(CountUpdate newer)
    {
        lock (Gate)
        {
            if (newer.Version <= total.Version)
            {
                return;
            }

            total = newer;
        }

        using var span = Traces.Source.StartActivity("counter.apply", ActivityKind.Consumer, newer.Trace);
        Changed();
    }

    /// <summary>Shows streams that wait for a total a muted number, because it has not come in time.</summary>
    public void MarkOverdue()
    {
        lock (Gate)
        {
            isOverdue = true;
        }

        Changed();
    }

    /// <summary>Redraws streams with a pace of their own, because something around their number has changed.</summary>
    public void Redraw()
    {
        foreach (var viewer in All())
        {
            viewer.Outdate();
        }

        Changed();
    }
}
