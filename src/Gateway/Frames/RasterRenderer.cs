namespace Counter.Gateway.Frames;

/// <summary>
/// Draws text as pixels. Letters of one colour become a few steps between that colour and the background, which fit into a palette. Text
/// with its own colours (emoji) keeps all of them.
/// </summary>
internal sealed class RasterRenderer(TextPainter painter) : IFrameRenderer
{
    /// <summary>The steps from transparent to full ink. Sixteen look the same when enlarged, and make the default picture a sixth larger.</summary>
    private const int Steps = 9;

    public FrameSize Measure(CounterStyle style, FrameText text) => painter.Measure(style, CleanText.Of(text.Line));

    public Frame Render(CounterStyle style, FrameText text)
    {
        var shown = style.Format.HasTransparency ? style : style with { Background = style.OpaqueBackground };
        var (size, pixels) = Draw(shown, CleanText.Of(text.Line), text.Muted);
        return PictureEncoder.Encode(style.Format, pixels, size);
    }

    private (FrameSize Size, Rgba[] Pixels) Draw(CounterStyle style, string text, bool muted)
    {
        var ink = style.Ink.Covering(muted ? 128 : 255);
        var (size, words, hasColors) = painter.Paint(style, text, ink with { A = 255 });
        if (hasColors)
        {
            return (size, Array.ConvertAll(words, word => Straight(word).Covering(ink.A).Over(style.Background)));
        }

        var ramp = Enumerable.Range(0, Steps).Select(step => Blend(ink, step * 255 / (Steps - 1), style.Background)).ToArray();
        return (size, Array.ConvertAll(words, word => ramp[(((int)(word >> 24) * (Steps - 1)) + 127) / 255]));
    }

    /// <summary>
    /// Blends ink with the background. Full transparency keeps the colour of the ink, so that scalers that ignore alpha leave no dark seam.
    /// </summary>
    private static Rgba Blend(Rgba ink, int coverage, Rgba background) =>
        background.A == 0 ? ink.Covering(coverage) : ink.Covering(coverage).Over(background);

    private static Rgba Straight(uint word)
    {
        uint alpha = word >> 24;
        byte Channel(int shift) => (byte)Math.Min(255, ((word >> shift & 255) * 255 + alpha / 2) / alpha);
        return alpha == 0 ? default : new Rgba(Channel(16), Channel(8), Channel(0), (byte)alpha);
    }
}
