using Counter.Gateway.Frames;

namespace Counter.Gateway.Embedding;

/// <summary>How large an iframe has to be, in CSS pixels.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct FrameBox(int Width, int Height)
{
    /// <summary>What a usual counter needs.</summary>
    public static readonly FrameBox Usual = new(180, 24);

    /// <summary>The picture's own width; null where it is not the same for every number.</summary>
    public int? PictureWidth { get; init; }

    /// <summary>The picture's own height; null where it is not the same for every number.</summary>
    public int? PictureHeight { get; init; }

    /// <summary>Room for the look with a large number, and a last frame's mark.</summary>
    internal static FrameBox For(BuilderForm form, FrameCache frames)
    {
        if (form.Style is not { } style)
        {
            return Usual;
        }

        // Fonts differ: one pixel in sixteen more than what was measured here.
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
