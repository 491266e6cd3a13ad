namespace Counter.Gateway.Frames;

/// <summary>Draws the frames of a picture that shows a number.</summary>
/// <param name="Draw">Draws the frame for a number. Others wait meanwhile, so it must not wait for anything.</param>
/// <param name="Find">Returns the same frame, or null when it has to be drawn first.</param>
/// <param name="IsLarge">Whether drawing takes so long that others with the same number should not wait for it.</param>
internal sealed record NumberPicture(Func<DisplayedCount, Frame> Draw, Func<DisplayedCount, Frame?> Find, bool IsLarge);
