namespace Counter.Gateway.Operations;

/// <summary>Collects garbage once when a busy time is over.</summary>
/// <remarks>
/// The runtime collects when the program allocates. After a flood it allocates little, so the garbage stays resident, for hours. By the time
/// this runs, the server has released the buffers that it keeps for the next connections. The collection pauses the process for a tenth of a
/// second or so, once.
/// </remarks>
/// <param name="allocated">Reads the bytes allocated since the start.</param>
/// <param name="collect">Collects garbage.</param>
/// <param name="clock">The clock of the rounds.</param>
internal sealed class IdleGarbageCollection(Func<long> allocated, Action collect, TimeProvider clock) : BackgroundService
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    /// <summary>The allocated bytes since the last collection that make another worthwhile.</summary>
    public const long Much = 256_000_000;

    /// <summary>The most bytes that a quiet round allocates.</summary>
    public const long Little = 64_000_000;

    /// <summary>The quiet rounds before a collection.</summary>
    public const int QuietRounds = 4;

    /// <summary>Creates it for this process.</summary>
    public static IdleGarbageCollection OfThisProcess(TimeProvider clock) => new(
        static () => GC.GetTotalAllocatedBytes(),
        static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
        clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (collected, last, quiet) = (allocated(), allocated(), 0);
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = allocated();
                quiet = now - last < Little ? quiet + 1 : 0;
                last = now;
                if (quiet >= QuietRounds && now - collected >= Much)
                {
                    collect();
                    collected = now;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping.
        }
    }
}
