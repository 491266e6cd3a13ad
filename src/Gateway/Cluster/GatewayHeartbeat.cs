using System.Threading.Channels;
using Counter.Counting.Cluster;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Cluster;

/// <summary>
/// Renews this gateway's lease every 5 s, and every second while somebody watches the monitor at any gateway. Subscribes to the cluster's changes,
/// and has each site's presence checked when it may have lost what this gateway reported.
/// </summary>
/// <remarks>The loop ends when the host stops, after a last batch of each site.</remarks>
internal sealed partial class GatewayHeartbeat(
    ICluster cluster, ClusterEvents events, GatewayIdentity identity, PresenceClient presence, TimeProvider clock, CounterMetrics metrics, ILogger<GatewayHeartbeat> log) : BackgroundService
{
    /// <summary>How often the lease is renewed, so that it never expires meanwhile.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The wait before a gateway whose lease has expired reports its streams. It may have been suspended, and must first detect the streams that
    /// closed meanwhile.
    /// </summary>
    public static readonly TimeSpan Recollection = TimeSpan.FromSeconds(1);

    // When a silo is gone, grains of other silos are deactivated too, because it had their locations: some of them after a check.
    private const int Checks = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A silo in this process takes a second or two to start.
    private static readonly TimeSpan LongestFirstWait = TimeSpan.FromSeconds(0.4);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // The cluster repeats every second that somebody watches.
    private static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(3);

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();

    // One slot: one pending renewal is enough.
    private readonly Channel<bool> due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Whether the cluster ever had this gateway, and whether it may have expired it: it replied so, or its reply was lost.
    private bool known;
    private bool givenUp;
    private int checks;
    private long? checkedAt;
    private long renewedAt;

    private volatile GatewayLoad? load;
    private volatile bool isWatchedHere;
    private long watchedAt = long.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Meter.CreateObservableGauge(
            "counter.cluster.connected", () => presence.IsConnected ? 1 : 0, "1", "1 while the cluster answers, 0 while it does not.");
        using var renewal = clock.CreateTimer(_ => WakeIfDue(), null, Tick, Tick);
        Wake();
        events.Watched += () => Volatile.Write(ref watchedAt, clock.GetTimestamp());
        presence.RenewalWanted += Wake;
        var listening = cluster.ListenAsync(events, stoppingToken);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await due.Reader.ReadAsync(stoppingToken);
                await RenewAsync(stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogUnexpected(e);
                presence.Disconnect();
                var longest = known ? LongestWait : LongestFirstWait;
                var wait = TimeSpan.FromMilliseconds(Math.Min(100 << Math.Min(failures++, 10), longest.TotalMilliseconds));
                await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }

        await LeaveAsync();
        await listening;
    }

    /// <summary>Sets what the next renewals report.</summary>
    /// <param name="current">The load of this gateway.</param>
    /// <param name="isWatched">Whether somebody watches the monitor here. The cluster learns of a change at once.</param>
    public void Report(GatewayLoad current, bool isWatched)
    {
        load = current;
        if (isWatchedHere != isWatched)
        {
            isWatchedHere = isWatched;
            Wake();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var state = new GatewayState(
            identity.Id, Environment.MachineName, CounterApp.Version, startedAt, (int)metrics.StreamsOpen, presence.Viewers, load, isWatchedHere);
        Volatile.Write(ref renewedAt, clock.GetTimestamp());
        try
        {
            givenUp |= !await cluster.RenewAsync(state, cancellationToken);
        }
        catch
        {
            givenUp = true;
            throw;
        }

        if (givenUp && known)
        {
            await Task.Delay(Recollection, clock, cancellationToken);
        }

        presence.Connect();
        if (givenUp && known)
        {
            (checks, checkedAt) = (Checks, null);
        }

        if (checks > 0 && (checkedAt is not { } before || clock.GetElapsedTime(before) >= Renewal))
        {
            checks--;
            checkedAt = clock.GetTimestamp();
            presence.CheckAll();
        }

        (known, givenUp) = (true, false);
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(LongestWait, TimeProvider.System);
            await presence.FlushAsync(timeout.Token);
            await cluster.LeaveAsync(identity.Id, timeout.Token);
        }
        catch (Exception e)
        {
            LogUnexpected(e);
        }
    }

    /// <summary>Logs a failure. The cluster connection logs an unreachable cluster itself, once.</summary>
    private void LogUnexpected(Exception exception)
    {
        if (exception is not (ClusterUnavailableException or OperationCanceledException))
        {
            LogFailed(exception);
        }
    }

    private void WakeIfDue()
    {
        var elapsed = clock.GetElapsedTime(Volatile.Read(ref renewedAt));
        var isWatched = isWatchedHere || (Volatile.Read(ref watchedAt) is var at and not long.MinValue && clock.GetElapsedTime(at) < WatchedFor);
        if (isWatched || elapsed >= Renewal - (Tick / 2))
        {
            Wake();
        }
    }

    private void Wake() => due.Writer.TryWrite(true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of this gateway could not be renewed; trying again.")]
    private partial void LogFailed(Exception exception);
}
