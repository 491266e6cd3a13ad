
namespace Counter.Counting.Presence;

/// <summary>Probes the streams of this gateway: those that the presence of a site asks for, and one stream of every view now and then. Safe for concurrent use.</summary>
/// <remarks>
/// The last page of a visit stops counting by the periodic probes, whatever site the reader went to. All probes come from one budget; one that it has no
/// room for is left to the periodic one.
/// </remarks>
/// <param name="options">How often, and how many at most.</param>
/// <param name="clock">Tells the time; <see cref="Tick"/> acts on it.</param>
public sealed class StreamProbes(ProbeOptions options, TimeProvider clock)
{
    // Openings of a few people behind one address must not use up a small gateway's budget.
    private const int LeastPerSecond = 40;

    // Successive multiples are spread evenly over the interval, however many there are (Weyl, 1916).
    private const double GoldenRatio = 0.6180339887498949;

    // A left page that closes by itself in this time was kept by the browser: its probe did not work.
    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromSeconds(62);

    // For the budget where none is probed periodically.
    private static readonly TimeSpan UsualInterval = ProbeOptions.Default.Interval;

    private readonly Lock gate = new();
    private readonly PriorityQueue<StreamEntry, long> due = new();
    private int periodic;
    private double phase;
    private double tokens = double.MaxValue;
    private long refilledAt = clock.GetTimestamp();
    private long failures;

    /// <summary>How many probes there were.</summary>
    public ProbeCounts Counts { get; } = new();

    /// <summary>Probes that did not close a page that had been left.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>A stream has opened.</summary>
    public void Opened(StreamEntry stream) => Watch(stream);

    /// <summary>A stream is to be probed now and then, as every one is from the start.</summary>
    public void Watch(StreamEntry stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (gate)
        {
            if (options.Interval > TimeSpan.Zero && stream.Arrival.Settles == SettledBy.Padding && stream.ProbeDueAt == long.MaxValue)
            {
                periodic++;
                phase = (phase + GoldenRatio) % 1;
                Plan(stream, clock.FromNow(options.Interval * phase));
            }
        }
    }

    /// <summary>A stream is to be probed now and then no longer.</summary>
    public void Unwatch(StreamEntry stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (gate)
        {
            if (stream.ProbeDueAt != long.MaxValue)
            {
                stream.ProbeDueAt = long.MaxValue;
                periodic--;
            }
        }
    }

    /// <summary>A stream has closed.</summary>
    public void Closed(StreamEntry stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Unwatch(stream);
        lock (gate)
        {
            if (stream.IsEnded)
            {
                return;
            }

            if (stream.ProbeWrittenAt != long.MinValue && clock.GetElapsedTime(stream.ProbeWrittenAt) <= SitePresence.Settled)
            {
                Counts.Closed(stream.ProbeGround, stream.Arrival.Settles);
            }

            if (stream.SuspectedAt != long.MinValue && clock.GetElapsedTime(stream.SuspectedAt) is var kept && kept >= KeptAtLeast && kept <= KeptAtMost)
            {
                failures++;
            }
        }
    }

    /// <summary>The presence of a site asks for a probe.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="command">Why.</param>
    /// <param name="written">Is called when it was written.</param>
    public void Probe(StreamEntry stream, StreamCommand command, Action written)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (gate)
        {
            if (!TryTakeToken(isPeriodic: false, command.IsSuspected))
            {
                Counts.Postponed(command.Ground, stream.Arrival.Settles);
                return;
            }

            stream.SuspectedAt = command is { Ground: ProbeGround.Opening, IsSuspected: true } && stream.Arrival.Settles == SettledBy.Padding
                ? clock.GetTimestamp() : stream.SuspectedAt;
            Begin(stream, command.Ground);
        }

        Send(stream, written);
    }

    /// <summary>Probes what is due. To be called about four times a second.</summary>
    public void Tick()
    {
        while (TryTakeDue(out var stream))
        {
            Send(stream, static () => { });
        }
    }

    private bool TryTakeDue(out StreamEntry stream)
    {
        lock (gate)
        {
            while (due.TryPeek(out stream!, out var at) && at <= clock.GetTimestamp())
            {
                due.Dequeue();
                if (stream.ProbeDueAt != at)
                {
                    continue;
                }

                // One whose peer takes nothing is dropped soon, and one that was probed just now need not be again.
                var isBusy = stream.IsProbeUnderWay || (stream.ProbeAskedAt != long.MinValue && clock.GetElapsedTime(stream.ProbeAskedAt) < options.Interval);
                Plan(stream, isBusy && !stream.IsProbeUnderWay ? Math.Max(clock.After(stream.ProbeAskedAt, options.Interval), at + 1) : clock.FromNow(options.Interval));
                if (!isBusy)
                {
                    TryTakeToken(isPeriodic: true, isSuspected: false);
                    Begin(stream, ProbeGround.Periodic);
                    return true;
                }
            }

            return false;
        }
    }

    private void Begin(StreamEntry stream, ProbeGround ground)
    {
        (stream.ProbeGround, stream.ProbeAskedAt, stream.IsProbeUnderWay) = (ground, clock.GetTimestamp(), true);
        Counts.Sent(ground, stream.Arrival.Settles);
    }

    private void Send(StreamEntry stream, Action written) => stream.Response.Probe(() =>
    {
        lock (gate)
        {
            (stream.ProbeWrittenAt, stream.IsProbeUnderWay) = (clock.GetTimestamp(), false);
        }

        written();
    });

    private void Plan(StreamEntry stream, long at)
    {
        stream.ProbeDueAt = at;
        due.Enqueue(stream, at);
    }

    /// <summary>
    /// Periodic probes need half of the budget, and always go. Of what is left, half is for views that are suspected: they do not count until they are probed.
    /// </summary>
    private bool TryTakeToken(bool isPeriodic, bool isSuspected)
    {
        var perSecond = options.PerSecond > 0
            ? options.PerSecond
            : Math.Max(LeastPerSecond, 2 * periodic / (options.Interval > TimeSpan.Zero ? options.Interval : UsualInterval).TotalSeconds);
        tokens = Math.Min(perSecond, tokens + clock.GetElapsedTime(refilledAt).TotalSeconds * perSecond);
        refilledAt = clock.GetTimestamp();
        if (!isPeriodic && tokens < (isSuspected ? 1 : 1 + perSecond / 2))
        {
            return false;
        }

        tokens = Math.Max(0, tokens - 1);
        return true;
    }
}
