namespace Counter.Gateway.Operations;

/// <summary>Whether this process has nearly as much memory as the system lets it have: beyond that the system ends it.</summary>
/// <param name="read">Reads how many bytes are resident.</param>
/// <param name="most">Bytes from which there is no room for more connections.</param>
/// <param name="clock">Says when to read again: a reading costs a file of the system.</param>
internal sealed class MemoryLimit(Func<long> read, long most, TimeProvider clock)
{
    /// <summary>How long a reading is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private readonly OncePerInterval read = new(Lifetime, clock);
    private long used;

    /// <summary>What is resident, in millions of bytes, when it was last read.</summary>
    public long UsedMegabytes => Interlocked.Read(ref used) / 1_000_000;

    /// <summary>Whether there is no room for more.</summary>
    public bool IsReached()
    {
        if (read.TryEnter())
        {
            Interlocked.Exchange(ref used, read());
        }

        return Interlocked.Read(ref used) >= most;
    }

    /// <summary>
    /// Nine tenths of what the container allows, or of the machine's memory: the runtime's own mark, from which on it collects harder. It tells what is
    /// in use as of its last collection only, so that is asked of the system.
    /// </summary>
    public static MemoryLimit OfThisProcess(TimeProvider clock) =>
        new(static () => Environment.WorkingSet, GC.GetGCMemoryInfo().HighMemoryLoadThresholdBytes is > 0 and var most ? most : long.MaxValue, clock);
}
