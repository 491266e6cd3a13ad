namespace Counter.Grains.Polls;

/// <summary>How many visitors who voted today the polls of this silo know. Safe for concurrent use.</summary>
internal sealed class BallotCount
{
    private int count;

    /// <summary>How many.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>A poll knows so many more, or fewer.</summary>
    public void Add(int more) => Interlocked.Add(ref count, more);
}
