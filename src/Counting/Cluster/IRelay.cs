using Counter.Counting.Relay;

namespace Counter.Counting.Cluster;

/// <summary>The channels of the relay, as all gateways have them: who publishes, and the newest picture.</summary>
public interface IRelay
{
    /// <summary>A stream begins here, in place of any other.</summary>
    ValueTask BeginAsync(string channel, Guid publication, CancellationToken cancellationToken);

    /// <summary>Waits, for some seconds at most, until something changes for a stream that is published here. To be called again and again: else it has ended.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="publication">The stream.</param>
    /// <param name="isWanted">What is known.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<PublicationState> FollowAsync(string channel, Guid publication, bool isWanted, CancellationToken cancellationToken);

    /// <summary>A stream has a new picture. Only to be called while others want it.</summary>
    ValueTask<PublicationState> PublishAsync(string channel, Guid publication, ChannelPicture picture, CancellationToken cancellationToken);

    /// <summary>A stream has ended with this picture.</summary>
    /// <returns>The version since then; 0 when another had taken its place.</returns>
    ValueTask<long> FinishAsync(string channel, Guid publication, ChannelPicture? last, CancellationToken cancellationToken);

    /// <summary>A single picture.</summary>
    /// <returns>Its version; null while a stream is being published.</returns>
    ValueTask<long?> PutAsync(string channel, ChannelPicture picture, CancellationToken cancellationToken);

    /// <summary>What is new of a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="after">The version that is known.</param>
    /// <param name="waits">Whether to wait some seconds for it. Without, only a picture that is on its way is waited for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<ChannelUpdate> WatchAsync(string channel, long after, bool waits, CancellationToken cancellationToken);

    /// <summary>The channel is removed, everywhere.</summary>
    ValueTask RemoveAsync(string channel, CancellationToken cancellationToken);
}
