namespace Counter.Gateway.Frames;

/// <summary>What makes the frames that show a number in one way.</summary>
/// <param name="Draw">Makes the frame that shows a number. Others wait meanwhile, so it must not wait for anybody.</param>
/// <param name="Find">The same frame, unless it has to be drawn.</param>
/// <param name="IsLarge">Whether drawing takes so long that others who are shown the same number should not wait for it.</param>
internal sealed record NumberPicture(Func<DisplayedCount, Frame> Draw, Func<DisplayedCount, Frame?> Find, bool IsLarge);
