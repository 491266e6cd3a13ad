using Counter.Counting.Cluster;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Changes;

/// <summary>
/// The inbox of this process, which every silo sends its batches to, subscribed once. Which silo and which number a batch
/// has tells whether one was lost.
/// </summary>
/// <remarks>
/// A client that was away can lose its subscription without being told, so it relies on nothing but what comes: every silo beats once a
/// second, and an inbox that is quiet for 5 s is replaced by another one, with another name. A silo that is gone leaves no gap in the
/// numbers of the others, and what was counted there begins anew without knowing who listens: so a silo that is not heard for 3 s counts
/// as something that was lost.
/// </remarks>
internal sealed partial class ChangeReceiver(Guid client, IBroadcastReceiver receiver, TimeProvider clock, ILogger log)
{
    /// <summary>How long an inbox may be quiet.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Number, long HeardAt)> silos = [];
    private IAsyncDisposable? subscription;
    private Guid name;
    private long heardAt;
    private volatile bool isWhole;

    /// <summary>The name of the stream; another one after it was quiet.</summary>
    public Guid Name => name;

    /// <summary>Sees that the inbox works and that the registry knows it: to be called every second or two, not in parallel.</summary>
    public async Task KeepAsync(IClusterClient cluster)
    {
        if (subscription is null || clock.GetElapsedTime(heardAt) > Quiet)
        {
            await OpenAsync(cluster);
        }

        MissSilent();
        if (!await cluster.GetGrain<IGatewayRegistryGrain>(0).SubscribeAsync(client, name))
        {
            isWhole = false;
        }

        if (!isWhole)
        {
            // What is lost while it is asked for is not part of the answers.
            isWhole = true;
            receiver.Missed();
        }
    }

    /// <summary>Ends it, as far as the cluster answers.</summary>
    public async Task CloseAsync(IClusterClient cluster)
    {
        await cluster.GetGrain<IGatewayRegistryGrain>(0).UnsubscribeAsync(client);
        await LeaveAsync();
    }

    private async Task OpenAsync(IClusterClient cluster)
    {
        if (subscription is not null)
        {
            LogQuiet();
        }

        await LeaveAsync();
        lock (gate)
        {
            name = Guid.NewGuid();
            silos.Clear();
        }

        var mine = name;
        isWhole = false;
        subscription = await cluster.ServiceProvider.GetRequiredService<IChangeTransport>().SubscribeAsync(mine, batch => Take(mine, batch));
        heardAt = clock.GetTimestamp();
    }

    private async Task LeaveAsync()
    {
        if (subscription is not { } old)
        {
            return;
        }

        subscription = null;
        try
        {
            await old.DisposeAsync();
        }
        catch (Exception e)
        {
            // The subscription may be lost already, which may be why nothing came.
            LogNotLeft(e);
        }
    }

    private void MissSilent()
    {
        lock (gate)
        {
            foreach (var silent in silos.Where(silo => clock.GetElapsedTime(silo.Value.HeardAt) >= Silent).Select(silo => silo.Key).ToList())
            {
                silos.Remove(silent);
                isWhole = false;
            }
        }
    }

    private void Take(Guid stream, ChangeBatch batch)
    {
        lock (gate)
        {
            if (stream != name)
            {
                return;
            }

            heardAt = clock.GetTimestamp();
            if (batch.Number != silos.GetValueOrDefault(batch.Silo).Number + 1)
            {
                isWhole = false;
            }

            silos[batch.Silo] = (batch.Number, heardAt);
        }

        if (batch.IsWatched)
        {
            receiver.Watched();
        }

        foreach (var total in batch.Totals)
        {
            receiver.Apply(total);
        }

        foreach (var (site, command) in batch.Commands)
        {
            receiver.Apply(site, command);
        }

        foreach (var poll in batch.Polls)
        {
            receiver.Apply(poll);
        }

        foreach (var table in batch.Tables ?? [])
        {
            receiver.Apply(table);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Nothing came through the inbox for a while; opening another one.")]
    private partial void LogQuiet();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The old inbox could not be left.")]
    private partial void LogNotLeft(Exception exception);
}
