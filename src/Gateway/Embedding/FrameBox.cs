using Counter.Gateway.Frames;

namespace Counter.Gateway.Embedding;

/// <summary>The size of an iframe, in CSS pixels.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct FrameBox(int Width, int Height)
{
    /// <summary>The size for a usual counter.</summary>
    public static readonly FrameBox Usual = new(180, 24);

    /// <summary>The picture's own width; null when it is not the same for every number.</summary>
    public int? PictureWidth { get; init; }

    /// <summary>The picture's own height; null when it is not the same for every number.</summary>
    public int? PictureHeight { get; init; }

    /// <summary>Returns room for the style with a large number, and for the mark of a last frame.</summary>
    internal static FrameBox For(BuilderForm form, FrameCache frames)
    {
        if (form.Style is not { } style)
        {
            return Usual;
        }

        // Fonts differ, so one pixel in sixteen is added to the measured width.
        var measured = frames.Measure(style);
        var room = measured.Usual;
        int width = room.Width / style.Scale;
        return new FrameBox(width + width / 16 + 1, room.Height / style.Scale + 1)
        {
            PictureWidth = measured.HasOneWidth ? width : null,
            PictureHeight = measured.HasOneHeight ? room.Height / style.Scale : null,
        };
    }
}
