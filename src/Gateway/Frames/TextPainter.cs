using Counter.Gateway.Frames.Text;
using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>Draws lines of text. Thread-safe.</summary>
internal sealed class TextPainter : IDisposable
{
    private readonly Fonts fonts = new(InstalledFonts.Find);

    /// <summary>Returns the size of the picture of a text.</summary>
    public FrameSize Measure(CounterStyle style, string text)
    {
        using var line = Shape(style, text);
        return Box.Around(style, line).Size;
    }

    /// <summary>Returns the width of a line of text, in pixels.</summary>
    public int Width(string text, string? font, int size)
    {
        using var line = new TextLine(fonts, text, font, size);
        return line.Width;
    }

    /// <summary>Draws a line of text onto the caller's canvas.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="paint">The colour.</param>
    /// <param name="text">Any string.</param>
    /// <param name="font">A font family; null is the default one.</param>
    /// <param name="size">The font's size in image pixels.</param>
    /// <param name="x">The place of the text.</param>
    /// <param name="baseline">The baseline of the text.</param>
    /// <param name="along">The share of the text to the left of <paramref name="x"/>, 0 to 1.</param>
    public void Draw(SKCanvas canvas, SKPaint paint, string text, string? font, int size, double x, double baseline, double along)
    {
        using var line = new TextLine(fonts, text, font, size);
        line.Draw(canvas, (float)Math.Round(x - (line.Width * along)), (float)Math.Round(baseline), paint);
    }

    /// <summary>Draws text in an opaque colour on a transparent ground.</summary>
    /// <returns>The size; premultiplied ARGB words, row by row; whether other colours may be among them.</returns>
    /// <exception cref="ArgumentException">The picture does not fit (<see cref="FrameSize.Fits"/>).</exception>
    public (FrameSize Size, uint[] Pixels, bool HasColors) Paint(CounterStyle style, string text, Rgba ink)
    {
        using var line = Shape(style, text);
        var box = Box.Around(style, line);
        if (!box.Size.Fits)
        {
            throw new ArgumentException($"A picture of {box.Size.Width} x {box.Size.Height} pixels is too large.", nameof(style));
        }

        using var canvas = new PixelCanvas(box.Size);
        using var paint = new SKPaint { Color = ink.Skia };
        line.Draw(canvas.Canvas, box.X, box.Baseline, paint);
        return (box.Size, canvas.Take(), line.HasColors);
    }

    public void Dispose() => fonts.Dispose();

    private TextLine Shape(CounterStyle style, string text) => new(fonts, text, style.Font, style.Size * style.Scale);

    /// <summary>The size of a picture, and where the text begins in it.</summary>
    private readonly record struct Box(FrameSize Size, int X, int Baseline)
    {
        /// <summary>
        /// Surrounds the line and all its ink with the padding: slanted letters and stacked accents reach out of the line. Sizes are whole
        /// CSS pixels, so that a page that sets half of a picture's width and height shows it undistorted.
        /// </summary>
        public static Box Around(CounterStyle style, TextLine line)
        {
            var left = Math.Min(line.Ink.Left, 0);
            var top = Math.Min(line.Ink.Top, -line.Ascent);
            var width = Math.Max(line.Ink.Right, line.Width) - left;
            var height = Math.Max(line.Ink.Bottom, line.Descent) - top;
            var cssWidth = Math.Max(RoundUp(width, style.Scale) + (2 * style.Padding), Math.Max(style.MinWidth, 1));
            var cssHeight = Math.Max(RoundUp(height, style.Scale), 1) + (2 * style.Padding);
            var padding = style.Padding * style.Scale;
            var x = line.IsRightToLeft ? (cssWidth * style.Scale) - padding - width : padding;
            return new Box(new FrameSize(cssWidth * style.Scale, cssHeight * style.Scale), x - left, padding - top);
        }

        private static int RoundUp(int pixels, int scale) => (pixels + scale - 1) / scale;
    }
}
