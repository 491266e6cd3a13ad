namespace Counter.Counting.Presence;

/// <summary>What became of the last suspicions of one browser version.</summary>
internal sealed class ProbedVersion(string browser)
{
    private const int Last = 200;
    private const int MostFailed = Last / 5;
    private const int WorkInARow = 100;

    // One client must not decide for everybody.
    private const int MostOfNetwork = 20;

    private readonly Queue<ProbeOutcome> outcomes = new();

    /// <summary>The browser and its major version.</summary>
    public string Browser => browser;

    /// <summary>Whether its left pages are held as those that nothing settles: more than a fifth of its last 200 suspicions have failed, and since then no 100 in a row have worked.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Of the last suspicions those whose view closed within 3 s of its probe.</summary>
    public int WorkedOfLast => outcomes.Count(outcome => outcome.Result == ProbeResult.Worked);

    /// <summary>Of the last suspicions those whose view closed when the browser's cache ends.</summary>
    public int FailedOfLast { get; private set; }

    /// <summary>Those that ever failed.</summary>
    public long Failures { get; private set; }

    private int InARow { get; set; }

    /// <summary>Another suspicion; null when its network has a large part of the last ones already.</summary>
    public ProbeOutcome? Add(ulong? network, long now)
    {
        if (network is not null && outcomes.Count(outcome => outcome.Network == network) >= MostOfNetwork)
        {
            return null;
        }

        if (outcomes.Count == Last && outcomes.Dequeue() is { Result: ProbeResult.Failed })
        {
            FailedOfLast--;
        }

        var added = new ProbeOutcome(network, now);
        outcomes.Enqueue(added);
        return added;
    }

    /// <summary>The view closed soon after its probe.</summary>
    public void Worked(ProbeOutcome outcome)
    {
        outcome.Result = ProbeResult.Worked;
        if (IsGivenUp && ++InARow >= WorkInARow)
        {
            (IsGivenUp, FailedOfLast) = (false, 0);
            outcomes.Clear();
        }
    }

    /// <summary>The view closed when the browser's cache ends, whatever was sent.</summary>
    public void Failed(ProbeOutcome outcome)
    {
        outcome.Result = ProbeResult.Failed;
        Failures++;
        InARow = 0;
        if (outcomes.Contains(outcome) && ++FailedOfLast > MostFailed)
        {
            IsGivenUp = true;
        }
    }
}

/// <summary>What became of one suspicion.</summary>
internal sealed class ProbeOutcome(ulong? network, long suspectedAt)
{
    public ulong? Network => network;

    public long SuspectedAt => suspectedAt;

    public ProbeResult Result { get; set; }
}

/// <summary>What a suspicion's view did.</summary>
internal enum ProbeResult
{
    /// <summary>It is open, or closed at another time: a second tab, or somebody else.</summary>
    Open,

    /// <summary>It closed within 3 s of its probe.</summary>
    Worked,

    /// <summary>It closed when the browser's cache ends.</summary>
    Failed,
}
