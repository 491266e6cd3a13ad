using Counter.Counting.Cluster;
using Counter.Gateway.Cluster;

namespace Counter.Gateway.Monitor;

/// <summary>
/// Polls the cluster for the state of the whole installation, one request after the other. A slow cluster makes the results old and
/// delays nobody. While nobody watches the monitor, it polls less often.
/// </summary>
internal sealed partial class ClusterPoller(
    ICluster cluster, GatewayIdentity identity, MonitorViewers viewers, MessageChain chain, TimeProvider clock, ILogger<ClusterPoller> log) : BackgroundService
{
    private const int ListedPages = 10;
    private const int BusiestEvery = 2;
    private const int UnwatchedEvery = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(15);

    private volatile Answer? answer;

    /// <summary>The last totals of the whole installation; null when they are too old.</summary>
    public ClusterTotals? Totals => answer is { } last && clock.GetElapsedTime(last.At) <= Holds ? last.Totals : null;

    /// <summary>The viewers of the whole installation; null when the last totals are too old.</summary>
    public int? Viewers => Totals?.Viewers;

    /// <summary>The last list of the busiest pages; empty while nobody watches the monitor.</summary>
    public IReadOnlyList<CountStatus> Busiest { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        for (long round = 0, watched = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            try
            {
                watched = viewers.Count > 0 ? watched + 1 : 0;
                if (watched > 0 || round % UnwatchedEvery == 0)
                {
                    var totals = await cluster.GetTotalsAsync(stoppingToken);
                    answer = new Answer(totals, clock.GetTimestamp());
                }

                if (watched == 0)
                {
                    Busiest = [];
                    chain.Forget();
                }
                else
                {
                    await PublishAsync(watched - 1, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (ClusterUnavailableException)
            {
                // The cluster connection has logged it.
            }
            catch (Exception e)
            {
                // The next round tries again. Until then the results grow old and expire.
                LogFailed(e);
            }

            await ((Task)timer.WaitForNextTickAsync(stoppingToken).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask PublishAsync(long watched, CancellationToken cancellationToken)
    {
        if (watched % BusiestEvery == 0)
        {
            Busiest = await cluster.ListBusiestAsync(ListedPages, cancellationToken);
            chain.Publish(new BusiestMessage([.. Busiest.Select(BusyPage.Of)]));
        }

        var gateways = await cluster.ListGatewaysAsync(cancellationToken);
        chain.Publish(new GatewaysMessage([.. gateways.Select(g => GatewayLine.Of(g, identity.Id))]));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The monitor could not read the state of the installation from the cluster; trying again.")]
    private partial void LogFailed(Exception exception);

    private sealed record Answer(ClusterTotals Totals, long At);
}
