using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Counting.Totals;

/// <summary>
/// One number and its past: the viewers of a page or of a site, now, at most and ever. Pure: the time comes in, nothing goes out.
/// Not safe for concurrent use.
/// </summary>
public sealed class Tally
{
    // A broken gateway may report absurd numbers; they are cut where sums of them still fit.
    private const long MostArrivals = 100_000_000_000_000;

    private Timeline? timeline;
    private long seenAt;
    private long? peakAt;
    private long? since;

    /// <summary>A number of which nothing is known yet.</summary>
    /// <param name="now">The time; the first <see cref="Version"/> is made of it.</param>
    public Tally(DateTimeOffset now) => Version = seenAt = Milliseconds(now);

    /// <summary>A stored number; there are no viewers until gateways report them again.</summary>
    /// <param name="state">What was stored.</param>
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

    /// <summary>The most viewers there ever were at once.</summary>
    public int Peak { get; private set; }

    /// <summary>The viewers that ever came.</summary>
    public long Arrivals { get; private set; }

    /// <summary>
    /// Rises with every change of <see cref="Viewers"/>. It is never behind the clock (milliseconds since 1970), so it also rises
    /// when the number is forgotten, or the process restarted, in between.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>When the most viewers were there; null when there never was one.</summary>
    public DateTimeOffset? PeakAt => Date(peakAt);

    /// <summary>When the first viewer came; null when none did.</summary>
    public DateTimeOffset? Since => Date(since);

    /// <summary>When it was last heard of: a change, or a report that nothing has changed.</summary>
    public DateTimeOffset SeenAt => DateTimeOffset.FromUnixTimeMilliseconds(seenAt);

    /// <summary>Takes the number as it is now.</summary>
    /// <param name="viewers">The viewers now; what does not fit an <see cref="int"/> is cut.</param>
    /// <param name="arrived">The viewers that came since the last time.</param>
    /// <param name="now">The time; when the clock goes backwards, time stands still until it has caught up.</param>
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
        timeline.Note(count, arrived);
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

    /// <summary>Goes on after what was told of this number before it was forgotten, by a machine whose clock was ahead.</summary>
    /// <param name="told">The highest <see cref="Version"/> that somebody was told.</param>
    public void Follow(long told) => Version = told > Version ? told + 1 : Version;

    /// <summary>The same viewers without a past.</summary>
    /// <param name="now">The time.</param>
    public Tally Anew(DateTimeOffset now)
    {
        var anew = new Tally(now) { Version = Math.Max(Version + 1, Milliseconds(now)) };
        anew.Observe(Viewers, 0, now);
        return anew;
    }

    /// <summary>Brings the history up to the time, which also lets go of what is older than is kept.</summary>
    public void Pass(DateTimeOffset now) => timeline?.Pass(Milliseconds(now), Viewers);

    /// <summary>The history, as <see cref="ICluster.GetHistoryAsync"/> says.</summary>
    public IReadOnlyList<HistoryPoint> Read(HistoryStep step, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        timeline?.Pass(Milliseconds(now), Viewers);
        var present = Math.Max(timeline?.At ?? 0, Milliseconds(now));
        var range = HistoryRange.Of(step, from, to, present);
        return range.Date(timeline?.Read(range) ?? new StepSum[range.To - range.From]);
    }

    /// <summary>Everything but the history.</summary>
    /// <param name="key">What this number is about.</param>
    public CountStatus Status(CountKey key) => new(key, Viewers, Peak, PeakAt, Arrivals, Since);

    /// <summary>What to store. It does not change when this number goes on, so it can be written elsewhere meanwhile.</summary>
    /// <param name="now">The time; viewers count up to here.</param>
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
