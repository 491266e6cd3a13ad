namespace Counter.Counting.Relay;

/// <summary>A picture of a channel.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Image">The file, which nobody changes.</param>
[GenerateSerializer, Immutable, Alias("counter.ChannelPicture")]
public sealed record ChannelPicture(string ContentType, int Width, int Height, byte[] Image);

/// <summary>The state of a stream, for the gateway that publishes it.</summary>
/// <param name="IsCurrent">False if another stream has replaced it, or the channel was removed.</param>
/// <param name="IsRemoved">Whether the channel was removed.</param>
/// <param name="IsWanted">Whether other gateways want the pictures.</param>
[GenerateSerializer, Immutable, Alias("counter.PublicationState")]
public readonly record struct PublicationState(bool IsCurrent, bool IsRemoved, bool IsWanted);

/// <summary>The updates of a channel, for a gateway that shows it.</summary>
/// <param name="Version">Rises with every change: a picture, the beginning or end of a stream, the removal. 0 for an unknown channel.</param>
/// <param name="IsLive">Whether a stream is published.</param>
/// <param name="IsRemoved">Whether the channel was removed after the version that the gateway has.</param>
/// <param name="Picture">The newest picture; null if the gateway has it or there is none.</param>
[GenerateSerializer, Immutable, Alias("counter.ChannelNews")]
public sealed record ChannelUpdate(long Version, bool IsLive, bool IsRemoved, ChannelPicture? Picture);
