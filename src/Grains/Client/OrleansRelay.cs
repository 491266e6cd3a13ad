using Counter.Counting.Cluster;
using Counter.Counting.Relay;
using Counter.Grains.Relay;

namespace Counter.Grains.Client;

/// <summary>The channels of the relay, one grain each.</summary>
internal sealed class OrleansRelay(ClusterLink link) : IRelay
{
    /// <inheritdoc/>
    public async ValueTask BeginAsync(string channel, Guid publication, CancellationToken cancellationToken) =>
        await CallAsync(channel, grain => grain.BeginAsync(publication), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PublicationState> FollowAsync(string channel, Guid publication, bool isWanted, CancellationToken cancellationToken) =>
        await AskAsync(channel, grain => grain.FollowAsync(publication, isWanted), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PublicationState> PublishAsync(string channel, Guid publication, ChannelPicture picture, CancellationToken cancellationToken) =>
        await AskAsync(channel, grain => grain.PublishAsync(publication, picture), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> FinishAsync(string channel, Guid publication, ChannelPicture? last, CancellationToken cancellationToken) =>
        await AskAsync(channel, grain => grain.FinishAsync(publication, last), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long?> PutAsync(string channel, ChannelPicture picture, CancellationToken cancellationToken) =>
        await AskAsync(channel, grain => grain.PutAsync(picture), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ChannelUpdate> WatchAsync(string channel, long after, bool waits, CancellationToken cancellationToken) =>
        await AskAsync(channel, grain => grain.WatchAsync(after, waits), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string channel, CancellationToken cancellationToken) =>
        await CallAsync(channel, grain => grain.RemoveAsync(), cancellationToken);

    private Task<bool> CallAsync(string channel, Func<IChannelGrain, Task> call, CancellationToken cancellationToken) => AskAsync(
        channel,
        async grain =>
        {
            await call(grain);
            return true;
        },
        cancellationToken);

    private Task<T> AskAsync<T>(string channel, Func<IChannelGrain, Task<T>> ask, CancellationToken cancellationToken) =>
        link.AskAsync(cluster => ask(cluster.Find<IChannelGrain>(channel)), cancellationToken);
}
