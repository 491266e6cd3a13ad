using Counter.Counting.Cluster;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Changes;

/// <summary>
/// The inbox of this process, to which every silo sends its batches. The silo and the number of a batch show whether an earlier batch was
/// lost.
/// </summary>
/// <remarks>
/// A client that was disconnected can lose its subscription without an error, so only received batches prove that the inbox works. Every
/// silo sends a heartbeat once a second. An inbox that receives nothing for 5 s is replaced by one with another name. A silo that is gone
/// leaves no gap in the numbers of the others, and its grains start again in other silos without knowing their listeners. A silo that is
/// silent for 3 s therefore counts as a lost batch.
/// </remarks>
internal sealed partial class ChangeReceiver(Guid client, IBroadcastReceiver receiver, TimeProvider clock, ILogger log)
{
    /// <summary>An inbox is replaced when it receives nothing for this long.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Number, long ReceivedAt)> silos = [];
    private IAsyncDisposable? subscription;
    private Guid name;
    private long receivedAt;
    private volatile bool isWhole;

    /// <summary>The name of the inbox. Changes when the inbox is replaced.</summary>
    public Guid Name => name;

    /// <summary>Ensures that the inbox works and is registered. To be called every second or two, not concurrently.</summary>
    public async Task KeepAsync(IClusterClient cluster)
    {
        if (subscription is null || clock.GetElapsedTime(receivedAt) > Quiet)
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
            // Set before the resync, because the resync does not contain changes that are lost while it runs.
            isWhole = true;
            receiver.Missed();
        }
    }

    /// <summary>Unregisters the inbox and ends its subscription.</summary>
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
        receivedAt = clock.GetTimestamp();
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
            // The subscription may be lost already. The inbox may have been silent for that reason.
            LogNotLeft(e);
        }
    }

    private void MissSilent()
    {
        lock (gate)
        {
            foreach (var silent in silos.Where(silo => clock.GetElapsedTime(silo.Value.ReceivedAt) >= Silent).Select(silo => silo.Key).ToList())
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

            receivedAt = clock.GetTimestamp();
            if (batch.Number != silos.GetValueOrDefault(batch.Silo).Number + 1)
            {
                isWhole = false;
            }

            silos[batch.Silo] = (batch.Number, receivedAt);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The inbox received nothing for a while; opening another one.")]
    private partial void LogQuiet();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The subscription of the old inbox could not be ended.")]
    private partial void LogNotLeft(Exception exception);
}
