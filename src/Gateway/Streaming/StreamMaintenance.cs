using Counter.Gateway.Cluster;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Streaming;

/// <summary>Maintains all streams a few times a second. One timer serves all of them.</summary>
internal sealed partial class StreamMaintenance(
    PresenceClient presence, BrowserConnections connections, IEnumerable<IStreamSource> sources, IOptions<StreamingOptions> options, TimeProvider clock, ILogger<StreamMaintenance> log)
    : BackgroundService
{
    // The probe that settles a left page waits for a round, and a new page waits for the connection of the left one.
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
            // The gateway is stopping.
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
            // The other streams are maintained all the same, and these in the next round.
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Maintenance of streams failed.")]
    private partial void LogFailed(Exception exception);
}
