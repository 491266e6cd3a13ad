namespace Counter.Counting.Polls;

/// <summary>The votes of earlier days, oldest first. Days without votes are left out.</summary>
/// <param name="Days">The days.</param>
public sealed record PastVotes(IReadOnlyList<DayVotes> Days)
{
    /// <summary>The most days that are kept. The oldest are removed first.</summary>
    public const int MostDays = 400;

    /// <summary>No votes.</summary>
    public static PastVotes Empty { get; } = new([]);

    /// <summary>Adds votes to a day.</summary>
    public PastVotes Add(DayVotes more)
    {
        var known = Days.FirstOrDefault(day => day.Day == more.Day);
        var day = known is not null && known.Votes.Count == more.Votes.Count
            ? more with { Votes = Poll.Sum(known.Votes, more.Votes) }
            : more with { Votes = Poll.Sum(new long[more.Votes.Count], more.Votes) };
        return new PastVotes([.. Days.Where(other => other.Day != more.Day).Append(day).OrderBy(other => other.Day).TakeLast(MostDays)]);
    }

    /// <summary>Continues with other answers. Votes for removed answers are dropped.</summary>
    public PastVotes Align(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        new([.. Days.Select(day => day with { Votes = Poll.Align(day.Votes, before, after) })]);
}
