using System.Diagnostics;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Grains;

namespace Counter.Gateway.Streaming;

/// <summary>One number and the streams that show it.</summary>
/// <remarks>
/// The number is the last one of the site's presence. While that does not answer, what came and went here since is added.
/// The first change is pushed at once, and further ones at the pace of <see cref="StreamingOptions.PaceFor"/>: the more streams, the slower, so that no
/// page takes a processor for itself. A stream that joins does not wait for that: it gets its first frame with the next push, at most a
/// <see cref="StreamingOptions.Pace"/> later. A storm of N joins thus costs O(N) frames.
/// </remarks>
internal sealed partial class Feed : Broadcast<DisplayedCount, FeedSubscriber>
{
    private readonly SiteConnection site;
    private readonly TimeProvider clock;
    private readonly StreamingOptions options;
    private long pushedToAll;
    private CountUpdate total;
    private Activity? cause;

    /// <param name="key">What is counted.</param>
    /// <param name="site">The site that it is of.</param>
    /// <param name="clock">Tells the time.</param>
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

    /// <summary>What is counted.</summary>
    public CountKey Key { get; }

    /// <summary>When it is looked after next, as a timestamp; null when that is not known. Guarded by the lock of <see cref="FeedScheduler"/>.</summary>
    public long? LookAt { get; set; }

    /// <summary>Whether there is something to show: the presence of the site has said something of it, or does not answer.</summary>
    public bool IsKnown
    {
        get
        {
            lock (Gate)
            {
                return total.Version > 0 || site.IsStale;
            }
        }
    }

    /// <summary>The number now; once it is frozen, what it was then.</summary>
    public int Number
    {
        get
        {
            var unanswered = site.Unanswered(Key);
            lock (Gate)
            {
                return frozen ?? Math.Max(0, total.Viewers + unanswered);
            }
        }
    }

    /// <inheritdoc/>
    public override DisplayedCount State => new(Number);

    /// <summary>Adds a stream. Its first frame comes with the next <see cref="Changed"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame that shows a number on this stream.</param>
    /// <param name="pace">The least time between two frames of different numbers; zero for the feed's own.</param>
    /// <param name="large">Has it made aside, where that takes long.</param>
    public FeedSubscriber Join(LiveStream stream, Func<DisplayedCount, Frame> draw, TimeSpan pace, LargePicture? large = null)
    {
        var viewer = pace > TimeSpan.Zero
            ? new PacedSubscriber(this, stream, draw, pace, clock, large)
            : new FeedSubscriber(this, stream, draw, large);
        Add(viewer);
        return viewer;
    }

    /// <summary>The number may have changed, or somebody joined: push what is new to whom it is new.</summary>
    public override void Changed()
    {
        cause = Traces.Current ?? cause;
        base.Changed();
    }

    /// <summary>Takes the number, unless a newer one is known.</summary>
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

    /// <summary>What surrounds the number where it is shown at a pace of its own has changed: draw it again.</summary>
    public void Redraw()
    {
        foreach (var viewer in All())
        {
            viewer.Outdate();
        }

        Changed();
    }
}
