namespace Counter.Gateway.Frames;

/// <summary>
/// A measured style and its picture, shared by all requests for it. Of many viewers that get the same number, only the first looks up the
/// frame.
/// </summary>
internal sealed class MeasuredStyle
{
    // With the frames that they remember, measured styles may take as much memory again as the cache.
    private const int LargestRemembered = 16 * 1024;

    /// <summary>So many pixels take a millisecond or two to draw. A usual counter on a dense screen has a sixth of them.</summary>
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

    /// <summary>Room for up to some ten thousand viewers, and for the mark of a last frame.</summary>
    public FrameSize Usual { get; }

    /// <summary>Whether the picture has the same width for all of those numbers.</summary>
    public bool HasOneWidth { get; }

    /// <summary>Whether it has the same height for all of them.</summary>
    public bool HasOneHeight { get; }

    /// <summary>Why the style cannot be used, or null. The picture must fit for every number.</summary>
    public string? Problem => largest.Fits
        ? null
        : $"The picture could become {largest.Width} x {largest.Height} pixels; at most {FrameSize.LongestSide} on a "
            + $"side and {FrameSize.MostPixels} in all are allowed. Choose a smaller size or scale, or a shorter label.";

    /// <summary>The picture in this style. Drawing does not fail when <see cref="Problem"/> is null.</summary>
    public NumberPicture Picture { get; }

    private Frame Get(DisplayedCount displayed) => FindLast(displayed) ?? Remember(displayed, frames.Get(style, displayed));

    // SVG is written, which takes less time than waiting for a turn.
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
