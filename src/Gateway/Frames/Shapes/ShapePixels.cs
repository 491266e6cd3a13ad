namespace Counter.Gateway.Frames.Shapes;

/// <summary>
/// Draws shapes one colour after the other, as coverage of that colour in a few steps. The remaining colours fit into a palette, which
/// makes the file a third of its size without one.
/// </summary>
internal static class ShapePixels
{
    /// <summary>The steps from transparent to full ink, as for text.</summary>
    private const int Steps = 9;

    /// <returns>The pixels, row by row.</returns>
    public static Rgba[] Draw(IReadOnlyList<Shape> shapes, ShapeStyle style, TextPainter painter)
    {
        var size = style.Size;
        var pixels = new Rgba[size.Width * size.Height];
        Array.Fill(pixels, style.Background);
        using var canvas = new ShapeCanvas(style, painter);
        for (var i = 0; i < shapes.Count;)
        {
            var (role, cover, colorful) = GroupOf(shapes[i]);
            var ink = style.ColorOf(role);
            canvas.Color(ink with { A = 255 });
            for (; i < shapes.Count && GroupOf(shapes[i]) == (role, cover, colorful); i++)
            {
                canvas.Draw(shapes[i]);
            }

            canvas.Take(words =>
            {
                if (colorful)
                {
                    LayColors(words, cover, pixels);
                }
                else
                {
                    Lay(words, ink.Covering(cover), pixels);
                }
            });
        }

        return style.Opacity == 255 ? pixels : Array.ConvertAll(pixels, pixel => pixel.Covering(style.Opacity));
    }

    private static (ColorRole Role, int Cover, bool IsColorful) GroupOf(Shape shape) =>
        (shape.Role, shape.Cover, shape is Words { IsColorful: true });

    /// <summary>
    /// Adds shapes in their own colours, in fewer shades. A few emoji then mostly fit into a palette with the rest of the picture, and look
    /// the same at the size of text.
    /// </summary>
    private static void LayColors(ReadOnlySpan<uint> words, int cover, Rgba[] pixels)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] >> 24 is > 0 and var alpha)
            {
                var step = (((alpha * (Steps - 1)) + 127) / 255) * 255 / (Steps - 1);
                var color = new Rgba(Shade(words[i] >> 16), Shade(words[i] >> 8), Shade(words[i]), (byte)step).Covering(cover);
                pixels[i] = pixels[i].A == 0 ? color : color.Over(pixels[i]);
            }

            // Drawn colours are premultiplied.
            byte Shade(uint part) => (byte)Math.Min(255, (((part & 255) * 255 / alpha) + 16) / 32 * 36);
        }
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
