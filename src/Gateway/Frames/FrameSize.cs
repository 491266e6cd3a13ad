namespace Counter.Gateway.Frames;

/// <summary>The width and height of a picture in image pixels: CSS pixels times the scale.</summary>
internal readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>
    /// The most pixels of a picture: 4096 x 384. The default label fits at the largest size and scale. Drawing that many costs 12 MB and
    /// some milliseconds.
    /// </summary>
    public const int MostPixels = 4096 * 384;

    /// <summary>The longest side of a picture. No page is that wide.</summary>
    public const int LongestSide = 8192;

    /// <summary>Returns the size that has room for each of these.</summary>
    public static FrameSize Around(ReadOnlySpan<FrameSize> sizes)
    {
        var room = default(FrameSize);
        foreach (var size in sizes)
        {
            room = new FrameSize(Math.Max(room.Width, size.Width), Math.Max(room.Height, size.Height));
        }

        return room;
    }

    public bool Fits => Width <= LongestSide && Height <= LongestSide && (long)Width * Height <= MostPixels;
}
