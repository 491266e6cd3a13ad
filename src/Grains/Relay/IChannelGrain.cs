using Counter.Counting.Relay;

namespace Counter.Grains.Relay;

/// <summary>One channel, keyed by its name. See <see cref="Counting.Cluster.IRelay"/>.</summary>
[Alias("counter.IChannelGrain")]
internal interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>Starts a published stream, in place of any other.</summary>
    [Alias("Begin")]
    Task BeginAsync(Guid publication);

    /// <summary>Renews a stream, and waits for some seconds until its state changes.</summary>
    [Alias("Follow")]
    Task<PublicationState> FollowAsync(Guid publication, bool isWanted);

    /// <summary>Publishes a picture of a stream.</summary>
    [Alias("Publish")]
    Task<PublicationState> PublishAsync(Guid publication, ChannelPicture picture);

    /// <summary>Ends a stream.</summary>
    [Alias("Finish")]
    Task<long> FinishAsync(Guid publication, ChannelPicture? last);

    /// <summary>Publishes a single picture.</summary>
    [Alias("Put")]
    Task<long?> PutAsync(ChannelPicture picture);

    /// <summary>Returns the changes after a version. With <paramref name="waits"/> it waits for them for some seconds.</summary>
    [Alias("Watch")]
    Task<ChannelUpdate> WatchAsync(long after, bool waits);

    /// <summary>Removes the channel.</summary>
    [Alias("Remove")]
    Task RemoveAsync();
}
