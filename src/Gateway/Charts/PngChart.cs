using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>
/// Draws the shapes of a chart with Cairo, one colour after the other, as coverage of that colour in a few steps: so few
/// different colours are left that they fit into a palette, which makes the file a third of what it would be.
/// </summary>
internal static class PngChart
{
    /// <summary>The steps from nothing to full ink, as for text.</summary>
    private const int Steps = 9;

    public static byte[] Draw(IReadOnlyList<ChartShape> shapes, ChartLook look, TextPainter painter)
    {
        var size = look.Size;
        var pixels = new Rgba[size.Width * size.Height];
        Array.Fill(pixels, look.Background);
        using var canvas = new ChartCanvas(look, painter);
        for (var i = 0; i < shapes.Count;)
        {
            var (role, cover) = (shapes[i].Role, shapes[i].Cover);
            for (; i < shapes.Count && (shapes[i].Role, shapes[i].Cover) == (role, cover); i++)
            {
                canvas.Draw(shapes[i]);
            }

            var ink = ChartColors.Of(role, look).Covering(cover);
            canvas.Take(words => Lay(words, ink, pixels));
        }

        return PngEncoder.Encode(pixels, size);
    }

    private static void Lay(ReadOnlySpan<uint> words, Rgba ink, Rgba[] pixels)
    {
        Span<Rgba> ramp = stackalloc Rgba[Steps];
        for (var step = 0; step < Steps; step++)
        {
            ramp[step] = ink.Covering(step * 255 / (Steps - 1));
        }

        for (var i = 0; i < words.Length; i++)
        {
            var step = words[i] == 0 ? 0 : ((int)(words[i] >> 24) * (Steps - 1) + 127) / 255;
            if (step > 0)
            {
                pixels[i] = pixels[i].A == 0 ? ramp[step] : ramp[step].Over(pixels[i]);
            }
        }
    }
}
