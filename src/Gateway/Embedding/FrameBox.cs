using Counter.Gateway.Frames;

namespace Counter.Gateway.Embedding;

/// <summary>How large an iframe has to be, in CSS pixels.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct FrameBox(int Width, int Height)
{
    /// <summary>More people than most pages will ever see at once, so that the number is not cut.</summary>
    private const int ManyViewers = 88_888;

    /// <summary>What a usual counter needs.</summary>
    public static readonly FrameBox Usual = new(180, 24);

    /// <summary>Room for the look with a large number, and a last frame's mark.</summary>
    internal static FrameBox For(BuilderForm form, IFrameRenderer renderer)
    {
        if (form.Look is not { } look)
        {
            return Usual;
        }

        var many = renderer.Measure(look, look.TextFor(new Reading(ManyViewers, Live: false)));
        var one = renderer.Measure(look, look.TextFor(new Reading(1, Live: false)));

        // Fonts differ: one pixel in sixteen more than what was measured here.
        int width = Math.Max(many.Width, one.Width) / look.Scale;
        return new FrameBox(width + width / 16 + 1, Math.Max(many.Height, one.Height) / look.Scale + 1);
    }
}
