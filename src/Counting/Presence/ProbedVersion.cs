
namespace Counter.Counting.Presence;

/// <summary>The outcomes of the last suspicions of one browser version, in the order in which they became known.</summary>
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
    /// Whether its left pages are held like those that nothing settles: more than a fifth of its last 200 suspicions have failed, and no 100
    /// in a row have worked since then.
    /// </summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The number of the last suspicions whose view closed within 3 s of its probe.</summary>
    public int WorkedOfLast => results.Count(last => last.Result == ProbeResult.Worked);

    /// <summary>The number of the last suspicions whose view closed when the browser's cache ends.</summary>
    public int FailedOfLast { get; private set; }

    /// <summary>The number of all suspicions that failed.</summary>
    public long Failures { get; private set; }

    /// <summary>When a view of this version was last suspected, as a timestamp.</summary>
    public long LastAt { get; set; }

    /// <summary>
    /// Adds the outcome of a suspicion. If its network has many of the last outcomes already, only <see cref="Failures"/> counts it.
    /// </summary>
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

/// <summary>A suspicion whose outcome is recorded when its view closes.</summary>
/// <param name="Version">The browser's version.</param>
/// <param name="Network">A hash of the client's network; null when it need not be distinguished.</param>
/// <param name="SuspectedAt">When the suspicion was raised, as a timestamp.</param>
internal sealed record ProbeOutcome(ProbedVersion Version, ulong? Network, long SuspectedAt);

/// <summary>The outcome of a suspicion.</summary>
internal enum ProbeResult
{
    /// <summary>The view closed at another time: it was a second tab, or somebody else.</summary>
    Other,

    /// <summary>The view closed within 3 s of its probe.</summary>
    Worked,

    /// <summary>The view closed when the browser's cache ends.</summary>
    Failed,
}
