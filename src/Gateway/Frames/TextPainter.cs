using System.Runtime.InteropServices;
using System.Text;

namespace Counter.Gateway.Frames;

/// <summary>
/// Shapes and draws one line of text with Pango and Cairo. A Pango font map may not be used by two threads at once, and
/// the default one exists once for each thread; this has a map of its own and one lock, so that the fonts of a process are
/// loaded once. Drawing takes a fraction of a millisecond, and compressing happens outside.
/// </summary>
internal sealed class TextPainter : IDisposable
{
    private const string DefaultFont = "DejaVu Sans";
    private readonly Lock gate = new();
    private readonly nint fontMap;
    private readonly nint context;
    private bool disposed;

    /// <summary>
    /// Only these names reach Pango: it remembers the fonts of every family it was asked for, and strangers ask for any.
    /// </summary>
    private readonly HashSet<string> families;

    /// <exception cref="DllNotFoundException">Pango or Cairo is not installed; <see cref="RasterSupport"/> asks first.</exception>
    public TextPainter()
    {
        fontMap = Native.NewFontMap();
        context = Native.NewContext(fontMap);
        families = ListFamilies();
        nint options = Native.NewFontOptions();
        Native.SetAntialias(options, Native.CairoAntialiasGray);
        Native.SetHintStyle(options, Native.CairoHintMedium);
        Native.SetFontOptions(context, options);
        Native.FreeFontOptions(options);
    }

    /// <summary>False when no font at all is installed: Pango then draws boxes, or ends the process.</summary>
    public bool HasFonts => families.Count > 0;

    public FrameSize Measure(Look look, string text) => WithBox(look, text, (_, box) => box.Size);

    /// <summary>Draws a line of text in the default font onto a surface of the caller's.</summary>
    /// <param name="cairo">Where to, in the colour it has.</param>
    /// <param name="text">What: any string.</param>
    /// <param name="size">The font's size in image pixels.</param>
    /// <param name="x">Where the text is to be.</param>
    /// <param name="baseline">Where it stands.</param>
    /// <param name="along">How much of the text is left of <paramref name="x"/>: 0 to 1.</param>
    public void Draw(nint cairo, string text, int size, double x, double baseline, double along) => WithLayout(null, size, text, layout =>
    {
        Native.GetPixelExtents(layout, out _, out var box);
        Native.MoveTo(cairo, Math.Round(x - (box.Width * along)) - box.X, Math.Round(baseline) - (double)Native.Baseline(layout) / Native.PangoScale);
        Native.ShowLayout(cairo, layout);
        return true;
    });

    /// <summary>Draws the text in an opaque colour on nothing.</summary>
    /// <returns>Premultiplied ARGB words, row by row.</returns>
    public (FrameSize Size, uint[] Pixels) Paint(Look look, string text, Rgba ink) =>
        WithBox(look, text, (layout, box) =>
        {
            if (!box.Size.Fits)
            {
                throw new ArgumentException($"A picture of {box.Size.Width} x {box.Size.Height} pixels is too large.", nameof(look));
            }

            uint[] pixels = new uint[box.Size.Width * box.Size.Height];
            Draw(layout, box, ink, pixels);
            return (box.Size, pixels);
        });

    public void Dispose()
    {
        lock (gate)
        {
            if (!disposed)
            {
                disposed = true;
                Native.Unref(context);
                Native.Unref(fontMap);
            }
        }
    }

    private T WithBox<T>(Look look, string text, Func<nint, Box, T> use) => WithLayout(look.Font, look.Size * look.Scale, text, layout =>
    {
        Native.GetPixelExtents(layout, out var ink, out var logical);
        return use(layout, Box.Around(look, ink, logical, TextEstimate.IsRightToLeft(text)));
    });

    private T WithLayout<T>(string? family, int size, string text, Func<nint, T> use)
    {
        lock (gate)
        {
            nint layout = Native.NewLayout(context);
            nint font = Native.NewFontDescription();
            try
            {
                // By setters: a description given as a string could smuggle in weights, sizes and lists of families.
                Native.SetFamily(font, family is not null && families.Contains(family) ? family : DefaultFont);
                Native.SetAbsoluteSize(font, (double)size * Native.PangoScale);
                Native.SetFontDescription(layout, font);
                Native.SetSingleParagraph(layout, 1);
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                Native.SetText(layout, utf8, utf8.Length);
                return use(layout);
            }
            finally
            {
                Native.FreeFontDescription(font);
                Native.Unref(layout);
            }
        }
    }

    private static unsafe void Draw(nint layout, Box box, Rgba ink, uint[] pixels)
    {
        fixed (uint* memory = pixels)
        {
            nint surface = Native.NewSurface(memory, Native.CairoArgb32, box.Size.Width, box.Size.Height, box.Size.Width * 4);
            nint cairo = Native.NewCairo(surface);
            try
            {
                Native.SetColor(cairo, ink.R / 255.0, ink.G / 255.0, ink.B / 255.0);
                Native.MoveTo(cairo, box.X, box.Y);
                Native.ShowLayout(cairo, layout);
                Native.FlushSurface(surface);
                if (Native.Status(cairo) is var status and not 0)
                {
                    throw new InvalidOperationException($"Cairo could not draw a text (status {status}).");
                }
            }
            finally
            {
                Native.FreeCairo(cairo);
                Native.FreeSurface(surface);
            }
        }
    }

    private HashSet<string> ListFamilies()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Native.ListFamilies(fontMap, out nint list, out int count);
        for (int i = 0; i < count; i++)
        {
            nint family = Marshal.ReadIntPtr(list, i * nint.Size);
            names.Add(Marshal.PtrToStringUTF8(Native.FamilyName(family)) ?? "");
        }

        Native.Free(list);
        return names;
    }

    /// <summary>A picture's size, and where in it the layout's origin is.</summary>
    private readonly record struct Box(FrameSize Size, int X, int Y)
    {
        /// <summary>
        /// The line with all its ink, since slanted letters and stacked accents reach out of it, then the padding. Sizes
        /// are whole CSS pixels: a page that gives half of a picture's width and height gets it undistorted.
        /// </summary>
        public static Box Around(Look look, Native.Rectangle ink, Native.Rectangle logical, bool rightToLeft)
        {
            int left = Math.Min(ink.X, logical.X);
            int top = Math.Min(ink.Y, logical.Y);
            int width = Math.Max(ink.X + ink.Width, logical.X + logical.Width) - left;
            int height = Math.Max(ink.Y + ink.Height, logical.Y + logical.Height) - top;
            int cssWidth = Math.Max(RoundUp(width, look.Scale) + 2 * look.Padding, Math.Max(look.MinWidth, 1));
            int cssHeight = Math.Max(RoundUp(height, look.Scale), 1) + 2 * look.Padding;
            int padding = look.Padding * look.Scale;
            int x = rightToLeft ? cssWidth * look.Scale - padding - width : padding;
            return new Box(new FrameSize(cssWidth * look.Scale, cssHeight * look.Scale), x - left, padding - top);
        }

        private static int RoundUp(int pixels, int scale) => (pixels + scale - 1) / scale;
    }
}
