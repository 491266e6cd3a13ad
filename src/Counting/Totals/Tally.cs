using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>
/// The viewers of a page or of a site: the current number, the peak, the arrivals and the history. Pure: the caller passes the time, and
/// there is no I/O. Not safe for concurrent use.
/// </summary>
public sealed class Tally
{
    // A broken gateway may report absurd numbers. They are limited so that their sums do not overflow.
    private const long MostArrivals = 100_000_000_000_000;

    private Timeline? timeline;
    private long seenAt;
    private long? peakAt;
    private long? since;

    /// <summary>Starts with zeros.</summary>
    /// <param name="now">The time; the first <see cref="Version"/> is derived from it.</param>
    public Tally(DateTimeOffset now) => Version = seenAt = Milliseconds(now);

    /// <summary>Restores a stored tally. It has no viewers until they are reported again.</summary>
    /// <param name="state">The stored state.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public Tally(TallyState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Peak < 0 || state.Arrivals is < 0 or > MostArrivals || (state.Since is null) != (state.History is null))
        {
            throw new InvalidDataException("The totals contradict themselves.");
        }

        Version = Milliseconds(now);
        (Peak, Arrivals) = (state.Peak, state.Arrivals);
        peakAt = state.PeakAt is { } peaked ? Milliseconds(peaked) : null;
        since = state.Since is { } begun ? Milliseconds(begun) : null;
        seenAt = Milliseconds(state.SeenAt);
        timeline = state.History is null ? null : new Timeline(state.History);
    }

    /// <summary>The viewers now.</summary>
    public int Viewers { get; private set; }

    /// <summary>The most viewers ever at once.</summary>
    public int Peak { get; private set; }

    /// <summary>All viewers that ever arrived.</summary>
    public long Arrivals { get; private set; }

    /// <summary>
    /// Rises with every change of <see cref="Viewers"/>. It is never behind the clock (milliseconds since 1970), so it also rises after the
    /// tally was removed or the process restarted.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>When the peak was; null when there was no viewer yet.</summary>
    public DateTimeOffset? PeakAt => Date(peakAt);

    /// <summary>When the first viewer arrived; null when none did.</summary>
    public DateTimeOffset? Since => Date(since);

    /// <summary>When it was last reported, with or without a change.</summary>
    public DateTimeOffset SeenAt => DateTimeOffset.FromUnixTimeMilliseconds(seenAt);

    /// <summary>Applies the current number.</summary>
    /// <param name="viewers">The viewers now, limited to an <see cref="int"/>.</param>
    /// <param name="arrived">The viewers that arrived since the last call.</param>
    /// <param name="now">The time. If the clock goes back, the last time is used until the clock has caught up.</param>
    /// <returns>Whether the viewers changed.</returns>
    public bool Observe(long viewers, long arrived, DateTimeOffset now)
    {
        var at = Math.Max(seenAt, Milliseconds(now));
        var count = (int)Math.Clamp(viewers, 0, int.MaxValue);
        arrived = Math.Clamp(arrived, 0, MostArrivals - Arrivals);
        seenAt = at;
        if (timeline is null && count == 0 && arrived == 0)
        {
            return false;
        }

        since ??= at;
        timeline ??= new Timeline(at);
        timeline.Pass(at, Viewers);
        timeline.Record(count, arrived);
        Arrivals += arrived;
        if (count > Peak)
        {
            (Peak, peakAt) = (count, at);
        }

        if (count == Viewers)
        {
            return false;
        }

        (Viewers, Version) = (count, Math.Max(Version + 1, at));
        return true;
    }

    /// <summary>Continues after a version that a machine whose clock was ahead published before this tally was removed.</summary>
    /// <param name="reported">The highest published <see cref="Version"/>.</param>
    public void Follow(long reported) => Version = reported > Version ? reported + 1 : Version;

    /// <summary>A new tally that starts with the same viewers.</summary>
    /// <param name="now">The time.</param>
    public Tally Anew(DateTimeOffset now)
    {
        var anew = new Tally(now) { Version = Math.Max(Version + 1, Milliseconds(now)) };
        anew.Observe(Viewers, 0, now);
        return anew;
    }

    /// <summary>Extends the history to the time. This also removes steps that are too old to be kept.</summary>
    public void Pass(DateTimeOffset now) => timeline?.Pass(Milliseconds(now), Viewers);

    /// <summary>The history, as <see cref="ICluster.GetHistoryAsync"/> returns it.</summary>
    public IReadOnlyList<HistoryPoint> Read(HistoryStep step, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        timeline?.Pass(Milliseconds(now), Viewers);
        var present = Math.Max(timeline?.At ?? 0, Milliseconds(now));
        var range = HistoryRange.Of(step, from, to, present);
        return range.Date(timeline?.Read(range) ?? new StepSum[range.To - range.From]);
    }

    /// <summary>The numbers without the history.</summary>
    /// <param name="key">What the tally counts.</param>
    public CountStatus Status(CountKey key) => new(key, Viewers, Peak, PeakAt, Arrivals, Since);

    /// <summary>The state to store. It does not change with the tally, so it can be written while the tally changes.</summary>
    /// <param name="now">The time until which viewers are included in the history.</param>
    public TallyState Save(DateTimeOffset now)
    {
        if (Viewers > 0)
        {
            Pass(now);
        }

        return new TallyState(Peak, PeakAt, Arrivals, Since, SeenAt, timeline?.Save());
    }

    private static long Milliseconds(DateTimeOffset time) => Math.Max(0, time.ToUnixTimeMilliseconds());

    private static DateTimeOffset? Date(long? time) =>
        time is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
