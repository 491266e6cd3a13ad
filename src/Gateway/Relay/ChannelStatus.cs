namespace Counter.Gateway.Relay;

/// <summary>A channel at one moment.</summary>
/// <param name="Name">The name of the channel.</param>
/// <param name="Publishing">Whether a stream is published to the channel.</param>
/// <param name="Since">When that stream began; null when there is none.</param>
/// <param name="Frames">The pictures shown since the gateway started.</param>
/// <param name="Skipped">The pictures that came too fast and were replaced by newer ones.</param>
/// <param name="Bytes">The bytes of the pictures shown.</param>
/// <param name="Watchers">The open streams of the channel at this gateway. Not all of them need to count as viewers.</param>
/// <param name="LastFrameAt">When the last picture came; null when none came.</param>
/// <param name="Width">The width of the last picture in pixels; 0 when there is none.</param>
/// <param name="Height">The height of the last picture in pixels; 0 when there is none.</param>
internal sealed record ChannelStatus(
    string Name, bool Publishing, DateTimeOffset? Since, long Frames, long Skipped, long Bytes, int Watchers,
    DateTimeOffset? LastFrameAt, int Width, int Height);
