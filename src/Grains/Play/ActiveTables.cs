namespace Counter.Grains.Play;

/// <summary>How many tables there are in this silo. Safe for concurrent use.</summary>
internal sealed class ActiveTables
{
    private int count;

    /// <summary>Takes room for one more.</summary>
    /// <returns>False when there are so many.</returns>
    public bool TryAdd(int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Remove();
        return false;
    }

    /// <summary>One has ended.</summary>
    public void Remove() => Interlocked.Decrement(ref count);
}
