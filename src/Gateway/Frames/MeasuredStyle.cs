namespace Counter.Gateway.Frames;

/// <summary>A look that was measured, and what draws it: the same for all who ask for it, so that of many who are shown the same number only the first looks for the frame.</summary>
internal sealed class MeasuredStyle
{
    // With the frames that they remember measured looks may take as much again as the cache.
    private const int LargestRemembered = 16 * 1024;

    /// <summary>So many take a millisecond or two to draw, and a usual counter on a dense screen has a sixth of them.</summary>
    private const int ManyPixels = 64 * 1024;

    private readonly FrameCache frames;
    private readonly CounterStyle style;
    private readonly FrameSize largest;
    private Tuple<DisplayedCount, Frame>? last;

    public MeasuredStyle(FrameCache frames, CounterStyle style, FrameSize largest, FrameSize[] usual)
    {
        (this.frames, this.style, this.largest, Usual) = (frames, style, largest, FrameSize.Around(usual));
        (HasOneWidth, HasOneHeight) = (usual.All(size => size.Width == Usual.Width), usual.All(size => size.Height == Usual.Height));
        Picture = new NumberPicture(Get, Find, IsLarge: style.Format != ImageFormat.Svg && (long)largest.Width * largest.Height > ManyPixels);
    }

    /// <summary>Room for up to some ten thousand viewers, and a last frame's mark.</summary>
    public FrameSize Usual { get; }

    /// <summary>Whether the picture is as wide with any of those numbers.</summary>
    public bool HasOneWidth { get; }

    /// <summary>Whether it is as high with any of them.</summary>
    public bool HasOneHeight { get; }

    /// <summary>Why the look cannot be used, or null: whatever its number becomes, the picture must fit.</summary>
    public string? Problem => largest.Fits
        ? null
        : $"The picture could become {largest.Width} x {largest.Height} pixels; at most {FrameSize.LongestSide} on a "
            + $"side and {FrameSize.MostPixels} in all are allowed. Choose a smaller size or scale, or a shorter label.";

    /// <summary>What draws it. Cannot fail where there is no <see cref="Problem"/>.</summary>
    public NumberPicture Picture { get; }

    private Frame Get(DisplayedCount displayed) => FindLast(displayed) ?? Remember(displayed, frames.Get(style, displayed));

    // SVG is written and not drawn, which takes less than waiting.
    private Frame? Find(DisplayedCount displayed) =>
        FindLast(displayed) ?? (style.Format == ImageFormat.Svg ? Get(displayed) : frames.Find(style, displayed));

    private Frame? FindLast(DisplayedCount displayed) => last is { } known && known.Item1 == displayed ? known.Item2 : null;

    private Frame Remember(DisplayedCount displayed, Frame frame)
    {
        if (frame.Image.Length <= LargestRemembered)
        {
            last = Tuple.Create(displayed, frame);
        }

        return frame;
    }
}
