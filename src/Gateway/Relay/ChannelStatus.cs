namespace Counter.Gateway.Relay;

/// <summary>A channel at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Publishing">Whether a stream is being published to it.</param>
/// <param name="Since">When that stream began; null when there is none.</param>
/// <param name="Frames">The pictures that were shown, since the gateway started.</param>
/// <param name="Skipped">The pictures that came too fast and were replaced by newer ones.</param>
/// <param name="Bytes">Of the pictures that were shown.</param>
/// <param name="Watchers">The open streams of it here; not all of them need count as viewers.</param>
/// <param name="LastFrameAt">When the last picture came; null when none did.</param>
/// <param name="Width">Of the last picture, in pixels; 0 when there is none.</param>
/// <param name="Height">Of the last picture, in pixels; 0 when there is none.</param>
internal sealed record ChannelStatus(
    string Name, bool Publishing, DateTimeOffset? Since, long Frames, long Skipped, long Bytes, int Watchers,
    DateTimeOffset? LastFrameAt, int Width, int Height);
