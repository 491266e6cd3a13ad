namespace Counter.Gateway.Frames;

/// <summary>A number to show.</summary>
/// <param name="Viewers">The number, 0 or more.</param>
/// <param name="Live">False for the last frame of a stream: it is muted, with <c>~</c> in front.</param>
internal readonly record struct DisplayedCount(long Viewers, bool Live = true);
