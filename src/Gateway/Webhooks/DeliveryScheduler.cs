using Counter.Counting.Cluster;
using Counter.Counting.Webhooks;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Webhooks;

/// <summary>Sends due messages once a second. Silos write them when a number changes, and the outbox decides which gateway sends one.</summary>
/// <remarks>The loop ends when the host stops. Then the attempts under way are cancelled.</remarks>
internal sealed partial class DeliveryScheduler(DocumentCache<Outbox> documents, DeliveryQueue deliveries, TimeProvider clock, ILogger<DeliveryScheduler> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>Begins to send the due messages.</summary>
    public async Task ScheduleAsync(CancellationToken cancellationToken)
    {
        await documents.RefreshAsync(cancellationToken);
        deliveries.SendDue();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await ScheduleAsync(stoppingToken);
                failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The gateway stops.
            }
            catch (Exception e)
            {
                if (!failing && e is not ClusterUnavailableException)
                {
                    LogFailed(e);
                }

                failing = true;
            }
        }

        await deliveries.StopAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due webhook messages could not be checked. Trying again every second.")]
    private partial void LogFailed(Exception exception);
}
