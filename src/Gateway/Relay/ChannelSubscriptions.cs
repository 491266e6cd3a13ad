using System.Collections.Concurrent;
using Counter.Counting.Cluster;
using Counter.Counting.Relay;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>Gets the pictures that other gateways publish, for channels with watchers here. One call per channel waits for its next change.</summary>
internal sealed partial class ChannelSubscriptions(RelayChannels channels, ICluster cluster, TimeProvider clock, ILogger<ChannelSubscriptions> log) : IStreamSource
{
    // Keeps a channel up to date for a while without watchers, so that a reload of a page need not wait for the first picture.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UntilRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Update> updates = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => [];

    /// <summary>Finds a channel here or in the cluster; null when there is none.</summary>
    public async ValueTask<Channel?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (channels.TryFind(name, out var channel))
        {
            await RefreshAsync(channel, cancellationToken);
            return channels.Has(channel) ? channel : null;
        }

        if (!ChannelName.IsValid(name) || await TryWatchAsync(name, 0, waits: false, cancellationToken) is not { Version: > 0, IsRemoved: false } update
            || !channels.TryFindOrAdd(name, out channel))
        {
            return null;
        }

        channel.Apply(update);
        return channel;
    }

    /// <summary>Publishes a single picture to the cluster.</summary>
    /// <returns>The new version of the channel; 0 when the cluster does not answer; null while another gateway publishes a stream.</returns>
    public async Task<long?> TryPutAsync(Channel channel, ChannelPicture picture, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Relay.PutAsync(channel.Name, picture, cancellationToken);
        }
        catch (ClusterUnavailableException)
        {
            // Watchers at this gateway see the picture nevertheless.
            return channel.IsLiveElsewhere ? null : 0;
        }
    }

    /// <inheritdoc/>
    public ValueTask MaintainAsync(StreamingOptions options)
    {
        foreach (var channel in channels.All.Where(channel => channel.Broadcast.Streams > 0 && !channel.IsPublished))
        {
            Begin(channel);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Gets the newest picture, so that a new watcher sees it first.</summary>
    private async Task RefreshAsync(Channel channel, CancellationToken cancellationToken)
    {
        if (channel.IsPublished)
        {
            return;
        }

        Begin(channel);
        if (await TryWatchAsync(channel.Name, channel.Version, waits: false, cancellationToken) is { } update)
        {
            Apply(channel, update);
        }
    }

    private void Begin(Channel channel)
    {
        var update = new Update();
        var running = updates.GetOrAdd(channel.Name, update);
        running.WantedAt = clock.GetTimestamp();
        if (running == update)
        {
            _ = RunAsync(channel, update);
        }
    }

    private async Task RunAsync(Channel channel, Update update)
    {
        while (!channels.IsClosed && !channel.IsPublished && clock.GetElapsedTime(update.WantedAt) < Linger && channels.Has(channel))
        {
            if (await TryWatchAsync(channel.Name, channel.Version, waits: true, channels.Stopping) is { } received)
            {
                Apply(channel, received);
            }
            else
            {
                await Task.Delay(UntilRetry, clock, channels.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        updates.TryRemove(KeyValuePair.Create(channel.Name, update));
    }

    private void Apply(Channel channel, ChannelUpdate update)
    {
        if (update.IsRemoved)
        {
            channels.Remove(channel.Name);
        }
        else
        {
            channel.Apply(update);
        }
    }

    private async ValueTask<ChannelUpdate?> TryWatchAsync(string name, long after, bool waits, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Relay.WatchAsync(name, after, waits, cancellationToken);
        }
        catch (Exception e)
        {
            LogUnreachable(name, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Channel} did not answer: {Reason}")]
    private partial void LogUnreachable(string channel, string reason);

    private sealed class Update
    {
        public long WantedAt { get; set; }
    }
}
