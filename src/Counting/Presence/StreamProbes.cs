
namespace Counter.Counting.Presence;

/// <summary>
/// Probes the streams of this gateway: those that the presence of a site requests, and one stream of every view periodically. Safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// Because of the periodic probes the last page of a visit stops counting, whatever site the reader went to. All probes share one budget.
/// A requested probe that exceeds it is left to the periodic probe.
/// </remarks>
/// <param name="options">The interval and the budget.</param>
/// <param name="clock">Provides the time; <see cref="Tick"/> acts on it.</param>
public sealed class StreamProbes(ProbeOptions options, TimeProvider clock)
{
    // The openings of a few people behind one address must not use up a small gateway's budget.
    private const int LeastPerSecond = 40;

    // Its successive multiples spread evenly over the interval, for any number of streams (Weyl, 1916).
    private const double GoldenRatio = 0.6180339887498949;

    // The browser kept a left page whose stream closes by itself in this time: its probe did not work.
    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromSeconds(62);

    // The budget uses it when periodic probes are off.
    private static readonly TimeSpan UsualInterval = ProbeOptions.Default.Interval;

    private readonly Lock gate = new();
    private readonly PriorityQueue<StreamEntry, long> due = new();
    private int periodic;
    private double phase;
    private double tokens = double.MaxValue;
    private long refilledAt = clock.GetTimestamp();
    private long failures;

    /// <summary>The probes so far.</summary>
    public ProbeCounts Counts { get; } = new();

    /// <summary>The probes that did not close a left page.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>A stream has opened.</summary>
    public void Opened(StreamEntry stream) => Watch(stream);

    /// <summary>Starts the periodic probes of a stream. Every new stream has them from the start.</summary>
    public void Watch(StreamEntry stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (gate)
        {
            if (options.Interval > TimeSpan.Zero && stream.Origin.Settles == SettledBy.Padding && stream.ProbeDueAt == long.MaxValue)
            {
                periodic++;
                phase = (phase + GoldenRatio) % 1;
                Plan(stream, clock.FromNow(options.Interval * phase));
            }
        }
    }

    /// <summary>Stops the periodic probes of a stream.</summary>
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
                Counts.Closed(stream.ProbeGround, stream.Origin.Settles);
            }

            if (stream.SuspectedAt != long.MinValue && clock.GetElapsedTime(stream.SuspectedAt) is var kept && kept >= KeptAtLeast && kept <= KeptAtMost)
            {
                failures++;
            }
        }
    }

    /// <summary>Sends a probe that the presence of a site requests, if the budget allows it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="command">The command.</param>
    /// <param name="written">Called when the probe was written.</param>
    public void Probe(StreamEntry stream, StreamCommand command, Action written)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (gate)
        {
            if (!TryTakeToken(isPeriodic: false, command.IsSuspected))
            {
                Counts.Postponed(command.Ground, stream.Origin.Settles);
                return;
            }

            stream.SuspectedAt = command is { Ground: ProbeGround.Opening, IsSuspected: true } && stream.Origin.Settles == SettledBy.Padding
                ? clock.GetTimestamp() : stream.SuspectedAt;
            Begin(stream, command.Ground);
        }

        Send(stream, written);
    }

    /// <summary>Sends the periodic probes that are due. To be called about four times a second.</summary>
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

                // A stream whose peer reads nothing is dropped soon. A stream that was probed just now needs no probe.
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
        Counts.Sent(ground, stream.Origin.Settles);
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
    /// Periodic probes need half of the budget and are always sent. Half of the rest is for suspected views, because they do not count until
    /// they are probed.
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
