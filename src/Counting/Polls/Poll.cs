namespace Counter.Counting.Polls;

/// <summary>Votes of one day, added up: how many more or fewer each answer has. It is taken once or not at all.</summary>
/// <param name="Gateway">Who writes it: an activation of the poll's grain.</param>
/// <param name="Number">Rises with every batch of that writer.</param>
/// <param name="Round">The round of the poll that was voted in.</param>
/// <param name="Day">The day (UTC) of the votes.</param>
/// <param name="Changes">By answer; less than 0 where votes were moved away or taken back.</param>
public sealed record VoteBatch(string Gateway, long Number, string Round, DateOnly Day, IReadOnlyList<long> Changes);

/// <summary>The last batch that was taken of a writer.</summary>
/// <param name="Gateway">The writer; polls of earlier versions name gateways here.</param>
/// <param name="Number">The number of the batch.</param>
public sealed record TakenBatch(string Gateway, long Number);

/// <summary>The votes of one day.</summary>
/// <param name="Day">The day (UTC).</param>
/// <param name="Votes">By answer.</param>
public sealed record DayVotes(DateOnly Day, IReadOnlyList<long> Votes);

/// <summary>A poll as it is kept: what is asked and how many chose which answer, but not who.</summary>
public sealed record Poll
{
    // An activation needs no more than its own. More of them write only while a silo is given up.
    private const int MostTaken = 4;

    /// <summary>The page of the site, as path and query.</summary>
    public required string Page { get; init; }

    /// <summary>The name of the poll on that page.</summary>
    public required string Name { get; init; }

    /// <summary>What is asked.</summary>
    public required PollDefinition Definition { get; init; }

    /// <summary>Whether somebody with a key defined it; otherwise the first vote made it, from what its address asks.</summary>
    public bool Registered { get; init; }

    /// <summary>Rises with every change by somebody with a key; 0 before the first.</summary>
    public long Edition { get; init; }

    /// <summary>Names the time in which votes belong together: another one begins when answers change or all is reset. Empty for the first of a poll that nobody defined.</summary>
    public string Round { get; init; } = "";

    /// <summary>The round in which the votes were last at 0: who voted before it has no vote any more. Empty for the first of a poll that nobody defined.</summary>
    public string Beginning { get; init; } = "";

    /// <summary>The votes since the poll began, or was reset, by answer.</summary>
    public required IReadOnlyList<long> Votes { get; init; }

    /// <summary>The last day (UTC) on which somebody voted.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The votes of that day, by answer.</summary>
    public required IReadOnlyList<long> Today { get; init; }

    /// <summary>What was taken last of each writer, the newest last.</summary>
    public IReadOnlyList<TakenBatch> Taken { get; init; } = [];

    /// <summary>A poll without votes.</summary>
    public static Poll Begin(string page, string name, PollDefinition definition, DateOnly day) => new()
    {
        Page = page,
        Name = name,
        Definition = definition,
        Day = day,
        Votes = new long[definition.Answers.Count],
        Today = new long[definition.Answers.Count],
    };

    /// <summary>Whether this has the votes of a batch, or can never have them.</summary>
    public bool Has(VoteBatch batch) =>
        batch.Round != Round || batch.Changes.Count != Votes.Count
        || Taken.FirstOrDefault(taken => taken.Gateway == batch.Gateway)?.Number >= batch.Number;

    /// <summary>The poll with the votes of a batch.</summary>
    /// <param name="batch">The votes.</param>
    /// <param name="past">What belongs to an earlier day than the poll's; null when nothing does.</param>
    /// <returns>Null when there is nothing to take: it was taken before, or is of another round.</returns>
    public Poll? Take(VoteBatch batch, out DayVotes? past)
    {
        past = null;
        if (Has(batch))
        {
            return null;
        }

        var next = this with
        {
            Votes = Sum(Votes, batch.Changes),
            Taken = [.. Taken.Where(taken => taken.Gateway != batch.Gateway).TakeLast(MostTaken - 1), new TakenBatch(batch.Gateway, batch.Number)],
        };
        if (batch.Day == Day)
        {
            return next with { Today = Sum(Today, batch.Changes) };
        }

        if (batch.Day < Day)
        {
            past = new DayVotes(batch.Day, batch.Changes);
            return next;
        }

        past = Today.Any(votes => votes > 0) ? new DayVotes(Day, Today) : null;
        return next with { Day = batch.Day, Today = Sum(new long[Votes.Count], batch.Changes) };
    }

    /// <summary>The poll with another definition: answers that stay keep their votes. A new round begins when answers change.</summary>
    /// <param name="definition">What is asked from now on.</param>
    /// <param name="round">Names the new round; nobody else has that name.</param>
    public Poll Redefine(PollDefinition definition, string round) =>
        definition.Answers.SequenceEqual(Definition.Answers) ? this with { Definition = definition } : this with
        {
            Definition = definition,
            Round = round,
            Votes = Align(Votes, Definition.Answers, definition.Answers),
            Today = Align(Today, Definition.Answers, definition.Answers),
        };

    /// <summary>The poll without votes, in a new round.</summary>
    public Poll Reset(string round) =>
        this with { Round = round, Beginning = round, Taken = [], Votes = new long[Votes.Count], Today = new long[Votes.Count] };

    /// <summary>Numbers by answer, for other answers; those that were not there have 0.</summary>
    internal static IReadOnlyList<long> Align(IReadOnlyList<long> votes, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var known = before.Zip(votes).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. after.Select(answer => known.GetValueOrDefault(answer))];
    }

    /// <summary>
    /// Whoever takes a vote back gave it in the same round, so sums are never below 0, except when a poll was deleted and made anew while votes
    /// were under way.
    /// </summary>
    internal static IReadOnlyList<long> Sum(IReadOnlyList<long> votes, IReadOnlyList<long> changes) =>
        [.. votes.Zip(changes, (a, b) => Math.Max(0, a + b))];
}
