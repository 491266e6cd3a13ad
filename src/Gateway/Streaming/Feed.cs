using System.Diagnostics;
using Counter.Counting.Pages;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Grains;

namespace Counter.Gateway.Streaming;

/// <summary>One number and the streams that show it.</summary>
/// <remarks>
/// The number is what the presence of the site said last. While it does not answer, what came and went here since is added.
/// The first change is pushed at once, further ones at most as often as the pacing allows; a stream that joins gets its first
/// frame with the next push, which is at once unless one has just been. A join storm of N viewers thus costs O(N) frames; while
/// it lasts nobody could read the number anyway, and who has one gets the next less often.
/// </remarks>
internal sealed partial class Feed : Broadcast<DisplayedCount, FeedSubscriber>
{
    // So many newcomers in such a time, and such a part of all, are a storm.
    private const int StormNewcomers = 100;
    private const int StormShare = 64;
    private static readonly TimeSpan StormTime = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan StormPace = TimeSpan.FromMilliseconds(500);

    private readonly SiteConnection site;
    private readonly TimeProvider clock;
    private long pushedToAll;
    private long stormSince;
    private bool isStorm;
    private bool isOverdue;
    private int newcomers;
    private CountUpdate total;
    private Activity? cause;

    /// <param name="key">What is counted.</param>
    /// <param name="site">The site that it is of.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="pace">The least time between two pushes.</param>
    public Feed(CountKey key, SiteConnection site, TimeProvider clock, TimeSpan pace)
        : base(clock, pace)
    {
        Key = key;
        this.site = site;
        total = new CountUpdate(key, 0, 0);
        this.clock = clock;
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
                return total.Version > 0 || IsStale;
            }
        }
    }

    /// <summary>The number now; once it is frozen, what it was then.</summary>
    public long Number
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

    // A total may not be known though the presence of the site answers.
    private bool IsStale => site.IsStale || (isOverdue && total.Version == 0);

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

    /// <inheritdoc/>
    public override void Add(FeedSubscriber viewer)
    {
        lock (Gate)
        {
            base.Add(viewer);
            newcomers++;
        }
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

    /// <summary>It was to be known by now: whoever waits for it is shown what came here.</summary>
    public void MarkOverdue()
    {
        lock (Gate)
        {
            isOverdue = true;
        }

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
