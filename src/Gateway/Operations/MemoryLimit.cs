namespace Counter.Gateway.Operations;

/// <summary>Whether this process uses nearly all the memory that the system allows. The system kills a process that uses more.</summary>
/// <param name="read">Reads the resident bytes.</param>
/// <param name="most">The resident bytes from which new connections are refused.</param>
/// <param name="clock">The clock. Each reading opens a system file, so it is cached.</param>
internal sealed class MemoryLimit(Func<long> read, long most, TimeProvider clock)
{
    /// <summary>How long a reading is cached.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private readonly OncePerInterval read = new(Lifetime, clock);
    private long used;

    /// <summary>The resident megabytes at the last reading.</summary>
    public long UsedMegabytes => Interlocked.Read(ref used) / 1_000_000;

    public bool IsReached()
    {
        if (read.TryEnter())
        {
            Interlocked.Exchange(ref used, read());
        }

        return Interlocked.Read(ref used) >= most;
    }

    /// <summary>
    /// Creates it for this process. The limit is nine tenths of the container's or the machine's memory: the runtime's own threshold, from which
    /// it collects harder. The runtime knows the memory in use only as of its last collection, so the system is asked for that.
    /// </summary>
    public static MemoryLimit OfThisProcess(TimeProvider clock) =>
        new(static () => Environment.WorkingSet, GC.GetGCMemoryInfo().HighMemoryLoadThresholdBytes is > 0 and var most ? most : long.MaxValue, clock);
}
