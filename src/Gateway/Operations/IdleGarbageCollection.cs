namespace Counter.Gateway.Operations;

/// <summary>Has memory collected once when there was much to do and there no longer is.</summary>
/// <remarks>
/// The runtime collects when something is asked of it. After a flood little is, so what that left stays resident, for hours. By the time this runs the
/// server has let go of the buffers that it keeps for the next connections. It stops everything for a tenth of a second or so, once.
/// </remarks>
/// <param name="allocated">Reads how many bytes were ever asked for.</param>
/// <param name="collect">Collects.</param>
/// <param name="clock">Says when to look.</param>
internal sealed class IdleGarbageCollection(Func<long> allocated, Action collect, TimeProvider clock) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    /// <summary>Bytes between two collections that are worth one.</summary>
    public const long Much = 256_000_000;

    /// <summary>Bytes in a round that do not keep it from collecting.</summary>
    public const long Little = 64_000_000;

    /// <summary>How many such rounds there have to be.</summary>
    public const int QuietRounds = 4;

    /// <summary>For this process.</summary>
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
            // The gateway stops.
        }
    }
}
