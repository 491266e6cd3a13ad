namespace Counter.Gateway.Frames;

/// <summary>The width and height of a picture in image pixels: CSS pixels times the scale.</summary>
internal readonly record struct FrameSize(int Width, int Height)
{
    /// <summary>
    /// The most pixels a picture may have: 2048 x 512. A banner of 20 letters at the largest size and scale fits, and
    /// drawing one costs 4 MB and a few milliseconds.
    /// </summary>
    public const int MostPixels = 2048 * 512;

    /// <summary>The longest side: a cairo surface has at most 32,767, and no page is that wide.</summary>
    public const int LongestSide = 8192;

    public bool Fits => Width <= LongestSide && Height <= LongestSide && (long)Width * Height <= MostPixels;
}
