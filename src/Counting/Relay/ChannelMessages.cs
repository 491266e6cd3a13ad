namespace Counter.Counting.Relay;

/// <summary>A picture of a channel.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Image">The file; nobody changes it.</param>
[GenerateSerializer, Immutable, Alias("counter.ChannelPicture")]
public sealed record ChannelPicture(string ContentType, int Width, int Height, byte[] Image);

/// <summary>What a gateway learns of a stream that it publishes.</summary>
/// <param name="IsCurrent">False when another took its place, or the channel was removed.</param>
/// <param name="IsRemoved">Whether the channel was removed.</param>
/// <param name="IsWanted">Whether other gateways want the pictures.</param>
[GenerateSerializer, Immutable, Alias("counter.PublicationState")]
public readonly record struct PublicationState(bool IsCurrent, bool IsRemoved, bool IsWanted);

/// <summary>What a gateway learns of a channel that it shows.</summary>
/// <param name="Version">Rises with every change: a picture, the begin or end of a stream, the removal. 0 when nothing is known of the channel.</param>
/// <param name="IsLive">Whether a stream is being published.</param>
/// <param name="IsRemoved">Whether the channel was removed since the version that the gateway had.</param>
/// <param name="Picture">The newest picture; null when the gateway has it, or there is none.</param>
[GenerateSerializer, Immutable, Alias("counter.ChannelNews")]
public sealed record ChannelUpdate(long Version, bool IsLive, bool IsRemoved, ChannelPicture? Picture);
