
namespace Counter.Counting.Presence;

/// <summary>What became of the last suspicions of one browser version, in the order in which that was known.</summary>
internal sealed class ProbedVersion(string browser)
{
    private const int Last = 200;
    private const int MostFailed = Last / 5;
    private const int WorkInARow = 100;

    // One client must not decide for everybody.
    private const int MostOfNetwork = 20;

    private readonly Queue<(ProbeResult Result, ulong? Network)> results = new();
    private int inARow;

    /// <summary>The browser and its major version.</summary>
    public string Browser => browser;

    /// <summary>
    /// Whether its left pages are held as those that nothing settles: more than a fifth of its last 200 suspicions have failed, and since then no 100 in a
    /// row have worked.
    /// </summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Of the last suspicions those whose view closed within 3 s of its probe.</summary>
    public int WorkedOfLast => results.Count(last => last.Result == ProbeResult.Worked);

    /// <summary>Of the last suspicions those whose view closed when the browser's cache ends.</summary>
    public int FailedOfLast { get; private set; }

    /// <summary>Those that ever failed.</summary>
    public long Failures { get; private set; }

    /// <summary>When something was last suspected, as a timestamp.</summary>
    public long LastAt { get; set; }

    /// <summary>It is known what became of a suspicion. Not noted where its network has a large part of the last ones already.</summary>
    public void Add(ProbeResult result, ulong? network)
    {
        Failures += result == ProbeResult.Failed ? 1 : 0;
        if (network is not null && results.Count(last => last.Network == network) >= MostOfNetwork)
        {
            return;
        }

        if (results.Count == Last && results.Dequeue() is { Result: ProbeResult.Failed })
        {
            FailedOfLast--;
        }

        results.Enqueue((result, network));
        if (result == ProbeResult.Failed)
        {
            inARow = 0;
            FailedOfLast++;
            IsGivenUp |= FailedOfLast > MostFailed;
        }
        else if (result == ProbeResult.Worked && IsGivenUp && ++inARow >= WorkInARow)
        {
            (IsGivenUp, FailedOfLast) = (false, 0);
            results.Clear();
        }
    }
}

/// <summary>A suspicion that is noted when its view closes.</summary>
/// <param name="Version">The browser's version.</param>
/// <param name="Network">The client's network, as a hash; null where it need not be told apart.</param>
/// <param name="SuspectedAt">When it was raised, as a timestamp.</param>
internal sealed record ProbeOutcome(ProbedVersion Version, ulong? Network, long SuspectedAt);

/// <summary>What a suspicion's view did.</summary>
internal enum ProbeResult
{
    /// <summary>It closed at another time: a second tab, or somebody else.</summary>
    Other,

    /// <summary>It closed within 3 s of its probe.</summary>
    Worked,

    /// <summary>It closed when the browser's cache ends.</summary>
    Failed,
}
