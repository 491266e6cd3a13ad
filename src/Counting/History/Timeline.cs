namespace Counter.Counting.History;

/// <summary>
/// The history of one number by minute, quarter of an hour, hour and day. The four are summed independently, so each is exact.
/// Not safe for concurrent use.
/// </summary>
internal sealed class Timeline
{
    private readonly Series minutes;
    private readonly Series quarters;
    private readonly Series hours;
    private readonly Series days;

    /// <summary>Starts an empty history.</summary>
    /// <param name="at">When it begins, in milliseconds since 1970, 0 or later.</param>
    public Timeline(long at)
    {
        At = at;
        minutes = new Series(HistoryStep.Minute, at);
        quarters = new Series(HistoryStep.Quarter, at);
        hours = new Series(HistoryStep.Hour, at);
        days = new Series(HistoryStep.Day, at);
    }

    /// <summary>Restores a stored history.</summary>
    /// <exception cref="InvalidDataException">The state contradicts itself.</exception>
    public Timeline(TimelineState state)
    {
        At = Math.Max(0, state.At.ToUnixTimeMilliseconds());
        minutes = new Series(HistoryStep.Minute, state.Minutes);
        quarters = state.Quarters is { } kept ? new Series(HistoryStep.Quarter, kept) : new Series(HistoryStep.Quarter, At);
        hours = new Series(HistoryStep.Hour, state.Hours);
        days = new Series(HistoryStep.Day, state.Days);
        if (state.Minutes.Step != At / 60_000 || (state.Quarters is { } some && some.Step != At / 900_000) || state.Hours.Step != At / 3_600_000 || state.Days.Step != At / 86_400_000)
        {
            throw new InvalidDataException("The end of the history does not match its steps.");
        }
    }

    /// <summary>The end of the history, in milliseconds since 1970.</summary>
    public long At { get; private set; }

    /// <summary>
    /// Adds the time until now, during which the number of viewers did not change. If the clock goes back, nothing is added until it has
    /// caught up.
    /// </summary>
    public void Pass(long now, int viewers)
    {
        if (now > At)
        {
            minutes.Pass(At, now, viewers);
            quarters.Pass(At, now, viewers);
            hours.Pass(At, now, viewers);
            days.Pass(At, now, viewers);
            At = now;
        }
    }

    /// <summary>Adds the current viewers and new arrivals.</summary>
    public void Record(int viewers, long arrivals)
    {
        minutes.Record(viewers, arrivals);
        quarters.Record(viewers, arrivals);
        hours.Record(viewers, arrivals);
        days.Record(viewers, arrivals);
    }

    /// <summary>The sums of a range that ends no later than <see cref="At"/>.</summary>
    public StepSum[] Read(HistoryRange range) => (range.Step switch
    {
        HistoryStep.Minute => minutes,
        HistoryStep.Quarter => quarters,
        HistoryStep.Hour => hours,
        _ => days,
    }).Read(range.From, range.To);

    /// <summary>The state to store.</summary>
    public TimelineState Save() => new(DateTimeOffset.FromUnixTimeMilliseconds(At), minutes.Save(), hours.Save(), days.Save(), quarters.Save());
}
