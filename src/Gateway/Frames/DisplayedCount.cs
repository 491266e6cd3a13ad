namespace Counter.Gateway.Frames;

/// <summary>A number to show.</summary>
/// <param name="Viewers">The number, 0 or more.</param>
/// <param name="Live">False for the honest last frame of a stream: muted, with <c>~</c> in front.</param>
internal readonly record struct DisplayedCount(long Viewers, bool Live = true);
