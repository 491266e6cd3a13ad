using Counter.Counting.Relay;

namespace Counter.Counting.Cluster;

/// <summary>The channels of the relay: who publishes, and the newest picture. All gateways share them.</summary>
public interface IRelay
{
    /// <summary>Begins a stream at this gateway. It replaces any other stream of the channel.</summary>
    ValueTask BeginAsync(string channel, Guid publication, CancellationToken cancellationToken);

    /// <summary>
    /// Waits, for some seconds at most, until the state of a stream of this gateway changes. A stream ends if this is not called repeatedly.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="publication">The stream.</param>
    /// <param name="isWanted">Whether pictures are wanted, as far as the caller knows.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<PublicationState> FollowAsync(string channel, Guid publication, bool isWanted, CancellationToken cancellationToken);

    /// <summary>Publishes a new picture of a stream. To be called only while other gateways want it.</summary>
    ValueTask<PublicationState> PublishAsync(string channel, Guid publication, ChannelPicture picture, CancellationToken cancellationToken);

    /// <summary>Ends a stream, with its last picture.</summary>
    /// <returns>The new version; 0 when another stream had replaced it.</returns>
    ValueTask<long> FinishAsync(string channel, Guid publication, ChannelPicture? last, CancellationToken cancellationToken);

    /// <summary>Publishes a single picture.</summary>
    /// <returns>The version of the picture; null while a stream is published.</returns>
    ValueTask<long?> PutAsync(string channel, ChannelPicture picture, CancellationToken cancellationToken);

    /// <summary>The updates of a channel after a version.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="after">The version that the caller has.</param>
    /// <param name="waits">Whether to wait some seconds for an update. Otherwise the call waits only for a picture that is on its way.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<ChannelUpdate> WatchAsync(string channel, long after, bool waits, CancellationToken cancellationToken);

    /// <summary>Removes a channel at all gateways.</summary>
    ValueTask RemoveAsync(string channel, CancellationToken cancellationToken);
}
