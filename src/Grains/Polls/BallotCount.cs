namespace Counter.Grains.Polls;

/// <summary>Counts the visitors who voted today in the polls of this silo. Safe for concurrent use.</summary>
internal sealed class BallotCount
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>Adds the change of one poll's count, which may be negative.</summary>
    public void Add(int more) => Interlocked.Add(ref count, more);
}
