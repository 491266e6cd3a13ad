using Counter.Counting.Relay;

namespace Counter.Grains.Relay;

/// <summary>One channel; the key is its name. See <see cref="Counting.Cluster.IRelay"/>.</summary>
[Alias("counter.IChannelGrain")]
internal interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>A stream begins.</summary>
    [Alias("Begin")]
    Task BeginAsync(Guid publication);

    /// <summary>Waits until something changes for a stream.</summary>
    [Alias("Follow")]
    Task<PublicationState> FollowAsync(Guid publication, bool isWanted);

    /// <summary>A stream has a new picture.</summary>
    [Alias("Publish")]
    Task<PublicationState> PublishAsync(Guid publication, ChannelPicture picture);

    /// <summary>A stream has ended.</summary>
    [Alias("Finish")]
    Task<long> FinishAsync(Guid publication, ChannelPicture? last);

    /// <summary>A single picture.</summary>
    [Alias("Put")]
    Task<long?> PutAsync(ChannelPicture picture);

    /// <summary>What is new.</summary>
    [Alias("Watch")]
    Task<ChannelUpdate> WatchAsync(long after, bool waits);

    /// <summary>The channel is removed.</summary>
    [Alias("Remove")]
    Task RemoveAsync();
}
