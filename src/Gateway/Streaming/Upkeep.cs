using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Looks after all streams a few times a second: one timer for everybody instead of one a stream.</summary>
internal sealed class Upkeep(Feeds feeds, IEnumerable<IStreamSource> sources, IOptions<StreamingOptions> options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                feeds.Presence.Tick();
                foreach (var source in sources)
                {
                    source.Tend(options.Value);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
