namespace Counter.Counting.Polls;

/// <summary>The summed votes of one day: how many more or fewer each answer has. A batch is applied once or not at all.</summary>
/// <param name="Gateway">The writer: an activation of the poll's grain.</param>
/// <param name="Number">Rises with every batch of that writer.</param>
/// <param name="Round">The round of the poll that the votes belong to.</param>
/// <param name="Day">The day (UTC) of the votes.</param>
/// <param name="Changes">The changes by answer; below 0 if votes were moved away or taken back.</param>
public sealed record VoteBatch(string Gateway, long Number, string Round, DateOnly Day, IReadOnlyList<long> Changes);

/// <summary>The last batch of a writer that was applied.</summary>
/// <param name="Gateway">The writer; a gateway in polls of earlier versions.</param>
/// <param name="Number">The number of the batch.</param>
public sealed record TakenBatch(string Gateway, long Number);

/// <summary>The votes of one day.</summary>
/// <param name="Day">The day (UTC).</param>
/// <param name="Votes">The votes by answer.</param>
public sealed record DayVotes(DateOnly Day, IReadOnlyList<long> Votes);

/// <summary>A stored poll: its definition and the votes of each answer, but not who voted.</summary>
public sealed record Poll
{
    // An activation needs only its own batch. Several activations write only while a silo is given up.
    private const int MostTaken = 4;

    /// <summary>The page of the site, as path and query.</summary>
    public required string Page { get; init; }

    /// <summary>The name of the poll on that page.</summary>
    public required string Name { get; init; }

    /// <summary>The question and its answers.</summary>
    public required PollDefinition Definition { get; init; }

    /// <summary>Whether it was defined with a key. Otherwise the first vote created it, from the definition in its address.</summary>
    public bool Registered { get; init; }

    /// <summary>Rises with every change that is made with a key; 0 before the first one.</summary>
    public long Edition { get; init; }

    /// <summary>
    /// Identifies the current round. A new round begins when answers change or the poll is reset. Empty for the first round of a poll that
    /// nobody defined.
    /// </summary>
    public string Round { get; init; } = "";

    /// <summary>
    /// The round that last began with 0 votes: earlier votes do not exist any more. Empty for the first round of a poll that nobody defined.
    /// </summary>
    public string Beginning { get; init; } = "";

    /// <summary>The votes since the poll began or was reset, by answer.</summary>
    public required IReadOnlyList<long> Votes { get; init; }

    /// <summary>The last day (UTC) on which somebody voted.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The votes of that day, by answer.</summary>
    public required IReadOnlyList<long> Today { get; init; }

    /// <summary>The last applied batch of each writer, newest last.</summary>
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

    /// <summary>Whether the poll includes the votes of a batch, or can never include them.</summary>
    public bool Has(VoteBatch batch) =>
        batch.Round != Round || batch.Changes.Count != Votes.Count
        || Taken.FirstOrDefault(taken => taken.Gateway == batch.Gateway)?.Number >= batch.Number;

    /// <summary>Applies the votes of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="past">The votes of a day before that of the returned poll; null for none.</param>
    /// <returns>The poll with the votes; null if the batch was applied before or belongs to another round.</returns>
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

    /// <summary>Replaces the definition. Answers that stay keep their votes. A new round begins if the answers change.</summary>
    /// <param name="definition">The new definition.</param>
    /// <param name="round">The unique name of the new round.</param>
    public Poll Redefine(PollDefinition definition, string round) =>
        definition.Answers.SequenceEqual(Definition.Answers) ? this with { Definition = definition } : this with
        {
            Definition = definition,
            Round = round,
            Votes = Align(Votes, Definition.Answers, definition.Answers),
            Today = Align(Today, Definition.Answers, definition.Answers),
        };

    /// <summary>Removes all votes and begins a new round.</summary>
    public Poll Reset(string round) =>
        this with { Round = round, Beginning = round, Taken = [], Votes = new long[Votes.Count], Today = new long[Votes.Count] };

    /// <summary>Converts votes to other answers. New answers have 0.</summary>
    internal static IReadOnlyList<long> Align(IReadOnlyList<long> votes, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var known = before.Zip(votes).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. after.Select(answer => known.GetValueOrDefault(answer))];
    }

    /// <summary>
    /// Adds changes to votes. A vote is taken back in the round in which it was cast, so a sum is below 0 only if a poll was deleted and
    /// created again while votes were under way. Such a sum is 0.
    /// </summary>
    internal static IReadOnlyList<long> Sum(IReadOnlyList<long> votes, IReadOnlyList<long> changes) =>
        [.. votes.Zip(changes, (a, b) => Math.Max(0, a + b))];
}
