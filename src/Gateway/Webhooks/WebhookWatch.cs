using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Webhooks;

/// <summary>
/// Looks once a second whether viewers rose or fell enough to tell somebody. Every gateway does; the outbox decides whose message
/// it is.
/// </summary>
/// <remarks>The loop ends when the host stops, after the tries under way have been broken off.</remarks>
internal sealed partial class WebhookWatch(
    ICluster cluster,
    DocumentBook<Webhook> hooks,
    DocumentBook<Outbox> book,
    Outboxes outboxes,
    Deliveries deliveries,
    TimeProvider clock,
    ILogger<WebhookWatch> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // Numbers that the cluster is asked for at once.
    private const int Batch = 32;

    /// <summary>Writes the messages that are owed, and begins to send what is due.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await hooks.RefreshAsync(cancellationToken);
        await book.RefreshAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var numbers = hooks.Entries
            .Select(entry => new Watched(WebhookId.Of(entry.Key), entry.Value.Value, book.Entries.GetValueOrDefault(entry.Key)?.Value))
            .Where(w => w.Hook.Active && w.Outbox?.MayTell(now) == true)
            .GroupBy(w => w.Hook.Watches(w.Id.Site));
        var written = false;
        foreach (var batch in numbers.Chunk(Batch))
        {
            written |= (await Task.WhenAll(batch.Select(number => LookAsync(number, now, cancellationToken)))).Contains(true);
        }

        if (written)
        {
            await book.RefreshAsync(cancellationToken);
        }

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
                await LookAsync(stoppingToken);
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

    /// <returns>Whether messages were written.</returns>
    private async Task<bool> LookAsync(IGrouping<CountKey, Watched> number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var viewers = (await cluster.GetAsync(number.Key, cancellationToken)).Viewers;
        var written = false;
        foreach (var watched in number.Where(w => w.Outbox!.Judge(w.Hook, viewers, now) is not null))
        {
            // Another gateway may have written the message already; then nothing is owed any more.
            written |= await outboxes.ChangeAsync(watched.Id, o => o.Judge(watched.Hook, viewers, now), cancellationToken) is not null;
        }

        return written;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks could not be looked after; trying again every second.")]
    private partial void LogFailed(Exception exception);

    private sealed record Watched(WebhookId Id, Webhook Hook, Outbox? Outbox);
}
