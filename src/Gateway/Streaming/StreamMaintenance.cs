using Counter.Gateway.Cluster;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Looks after all streams a few times a second: one timer for everybody instead of one a stream.</summary>
internal sealed partial class StreamMaintenance(
    PresenceClient presence, BrowserConnections connections, IEnumerable<IStreamSource> sources, IOptions<StreamingOptions> options, TimeProvider clock, ILogger<StreamMaintenance> log)
    : BackgroundService
{
    // A probe that settles a left page waits for this, and somebody for that page's connection.
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                presence.Probes.Tick();
                connections.Tick();
                foreach (var source in sources)
                {
                    await MaintainAsync(source);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async ValueTask MaintainAsync(IStreamSource source)
    {
        try
        {
            await source.MaintainAsync(options.Value);
        }
        catch (Exception e)
        {
            // The other streams are looked after all the same, and these in the next round.
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Streams could not be looked after.")]
    private partial void LogFailed(Exception exception);
}
