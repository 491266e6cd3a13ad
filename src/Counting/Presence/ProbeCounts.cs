namespace Counter.Counting.Presence;

/// <summary>Counts probes, by their reason and by what settles their streams. Safe to read from any thread.</summary>
public sealed class ProbeCounts
{
    private static readonly int Grounds = Enum.GetValues<ProbeGround>().Length;
    private static readonly int Classes = Enum.GetValues<SettledBy>().Length;

    private readonly long[,] sent = new long[Grounds, Classes];
    private readonly long[,] closed = new long[Grounds, Classes];
    private readonly long[,] postponed = new long[Grounds, Classes];

    /// <summary>The probes so far.</summary>
    public IEnumerable<ProbeCount> Read()
    {
        foreach (var ground in Enum.GetValues<ProbeGround>())
        {
            foreach (var settles in Enum.GetValues<SettledBy>().Where(settles => settles != SettledBy.Nothing))
            {
                yield return new ProbeCount(
                    ground, settles, At(sent, ground, settles), At(closed, ground, settles), At(postponed, ground, settles));
            }
        }
    }

    internal void Sent(ProbeGround ground, SettledBy settles) => sent[(int)ground, (int)settles]++;

    internal void Closed(ProbeGround ground, SettledBy settles) => closed[(int)ground, (int)settles]++;

    internal void Postponed(ProbeGround ground, SettledBy settles) => postponed[(int)ground, (int)settles]++;

    private static long At(long[,] counts, ProbeGround ground, SettledBy settles) => Volatile.Read(ref counts[(int)ground, (int)settles]);
}

/// <summary>The number of probes of one kind.</summary>
/// <param name="Ground">The reason.</param>
/// <param name="Settles">What settles their streams.</param>
/// <param name="Sent">The probes that were sent.</param>
/// <param name="Closed">The probes whose view closed within 3 s.</param>
/// <param name="Postponed">The probes that exceeded the budget.</param>
public readonly record struct ProbeCount(ProbeGround Ground, SettledBy Settles, long Sent, long Closed, long Postponed);
