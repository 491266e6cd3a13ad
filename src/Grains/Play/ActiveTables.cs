namespace Counter.Grains.Play;

/// <summary>Counts the tables of this silo. Safe for concurrent use.</summary>
internal sealed class ActiveTables
{
    private int count;

    /// <summary>Adds a table.</summary>
    /// <returns>False when the silo already has the maximum.</returns>
    public bool TryAdd(int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Remove();
        return false;
    }

    /// <summary>Removes a table that ended.</summary>
    public void Remove() => Interlocked.Decrement(ref count);
}
