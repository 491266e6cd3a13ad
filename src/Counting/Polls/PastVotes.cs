namespace Counter.Counting.Polls;

/// <summary>The votes of earlier days, oldest first. Days without votes are not there.</summary>
/// <param name="Days">The days.</param>
public sealed record PastVotes(IReadOnlyList<DayVotes> Days)
{
    /// <summary>How many days with votes are kept; the oldest go first.</summary>
    public const int MostDays = 400;

    /// <summary>Nothing yet.</summary>
    public static PastVotes Empty { get; } = new([]);

    /// <summary>The past with more votes of a day.</summary>
    public PastVotes Add(DayVotes more)
    {
        var known = Days.FirstOrDefault(day => day.Day == more.Day);
        var day = known is not null && known.Votes.Count == more.Votes.Count
            ? more with { Votes = Poll.Sum(known.Votes, more.Votes) }
            : more with { Votes = Poll.Sum(new long[more.Votes.Count], more.Votes) };
        return new PastVotes([.. Days.Where(other => other.Day != more.Day).Append(day).OrderBy(other => other.Day).TakeLast(MostDays)]);
    }

    /// <summary>The past for other answers: what was voted for those that are gone is forgotten.</summary>
    public PastVotes Align(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        new([.. Days.Select(day => day with { Votes = Poll.Align(day.Votes, before, after) })]);
}
