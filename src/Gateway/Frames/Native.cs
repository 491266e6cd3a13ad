using System.Runtime.InteropServices;

namespace Counter.Gateway.Frames;

/// <summary>
/// The few functions of Pango, Cairo and GD that drawing a line of text and a chart needs. Signatures are those of the libraries'
/// C headers (Pango 1.50, Cairo 1.16, GD 2.3); names are the sonames of their stable interfaces.
/// </summary>
internal static partial class Native
{
    public const string Pango = "libpango-1.0.so.0";
    public const string PangoCairo = "libpangocairo-1.0.so.0";
    public const string Cairo = "libcairo.so.2";
    public const string GObject = "libgobject-2.0.so.0";
    public const string Gd = "libgd.so.3";

    /// <summary>Pango counts in 1024ths of a pixel.</summary>
    public const int PangoScale = 1024;

    /// <summary>CAIRO_FORMAT_ARGB32: one native-endian word for each pixel, alpha highest, premultiplied.</summary>
    public const int CairoArgb32 = 0;

    /// <summary>CAIRO_ANTIALIAS_GRAY: coverage as one number, which is what an alpha ramp can hold.</summary>
    public const int CairoAntialiasGray = 2;

    /// <summary>CAIRO_ANTIALIAS_NONE: a pixel is covered or not.</summary>
    public const int CairoAntialiasNone = 1;

    /// <summary>CAIRO_LINE_JOIN_ROUND and CAIRO_LINE_CAP_ROUND.</summary>
    public const int CairoRound = 1;

    /// <summary>CAIRO_HINT_STYLE_MEDIUM: the fonts' own hints, as sharp as a browser's text and smallest as a file.</summary>
    public const int CairoHintMedium = 3;

    [StructLayout(LayoutKind.Sequential)]
    public struct Rectangle
    {
        public int X;
        public int Y;
        public int Width;
        public int Height;
    }

    [LibraryImport(GObject, EntryPoint = "g_object_unref")]
    public static partial void Unref(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    [LibraryImport(PangoCairo, EntryPoint = "pango_cairo_font_map_new")]
    public static partial nint NewFontMap();

    [LibraryImport(PangoCairo, EntryPoint = "pango_cairo_context_set_font_options")]
    public static partial void SetFontOptions(nint context, nint options);

    [LibraryImport(PangoCairo, EntryPoint = "pango_cairo_show_layout")]
    public static partial void ShowLayout(nint cairo, nint layout);

    [LibraryImport(Pango, EntryPoint = "pango_font_map_create_context")]
    public static partial nint NewContext(nint fontMap);

    [LibraryImport(Pango, EntryPoint = "pango_font_map_list_families")]
    public static partial void ListFamilies(nint fontMap, out nint families, out int count);

    [LibraryImport(Pango, EntryPoint = "pango_font_family_get_name")]
    public static partial nint FamilyName(nint family);

    [LibraryImport(Pango, EntryPoint = "pango_font_description_new")]
    public static partial nint NewFontDescription();

    [LibraryImport(Pango, EntryPoint = "pango_font_description_free")]
    public static partial void FreeFontDescription(nint description);

    [LibraryImport(Pango, EntryPoint = "pango_font_description_set_family", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetFamily(nint description, string family);

    [LibraryImport(Pango, EntryPoint = "pango_font_description_set_absolute_size")]
    public static partial void SetAbsoluteSize(nint description, double size);

    [LibraryImport(Pango, EntryPoint = "pango_layout_new")]
    public static partial nint NewLayout(nint context);

    [LibraryImport(Pango, EntryPoint = "pango_layout_set_font_description")]
    public static partial void SetFontDescription(nint layout, nint description);

    [LibraryImport(Pango, EntryPoint = "pango_layout_set_single_paragraph_mode")]
    public static partial void SetSingleParagraph(nint layout, int setting);

    [LibraryImport(Pango, EntryPoint = "pango_layout_set_text")]
    public static partial void SetText(nint layout, ReadOnlySpan<byte> utf8, int length);

    [LibraryImport(Pango, EntryPoint = "pango_layout_get_pixel_extents")]
    public static partial void GetPixelExtents(nint layout, out Rectangle ink, out Rectangle logical);

    [LibraryImport(Pango, EntryPoint = "pango_layout_get_baseline")]
    public static partial int Baseline(nint layout);

    [LibraryImport(Cairo, EntryPoint = "cairo_font_options_create")]
    public static partial nint NewFontOptions();

    [LibraryImport(Cairo, EntryPoint = "cairo_font_options_destroy")]
    public static partial void FreeFontOptions(nint options);

    [LibraryImport(Cairo, EntryPoint = "cairo_font_options_set_antialias")]
    public static partial void SetAntialias(nint options, int antialias);

    [LibraryImport(Cairo, EntryPoint = "cairo_font_options_set_hint_style")]
    public static partial void SetHintStyle(nint options, int style);

    [LibraryImport(Cairo, EntryPoint = "cairo_image_surface_create_for_data")]
    public static unsafe partial nint NewSurface(uint* pixels, int format, int width, int height, int stride);

    [LibraryImport(Cairo, EntryPoint = "cairo_surface_flush")]
    public static partial void FlushSurface(nint surface);

    [LibraryImport(Cairo, EntryPoint = "cairo_surface_destroy")]
    public static partial void FreeSurface(nint surface);

    [LibraryImport(Cairo, EntryPoint = "cairo_create")]
    public static partial nint NewCairo(nint surface);

    [LibraryImport(Cairo, EntryPoint = "cairo_destroy")]
    public static partial void FreeCairo(nint cairo);

    [LibraryImport(Cairo, EntryPoint = "cairo_status")]
    public static partial int Status(nint cairo);

    [LibraryImport(Cairo, EntryPoint = "cairo_set_source_rgb")]
    public static partial void SetColor(nint cairo, double red, double green, double blue);

    [LibraryImport(Cairo, EntryPoint = "cairo_move_to")]
    public static partial void MoveTo(nint cairo, double x, double y);

    [LibraryImport(Cairo, EntryPoint = "cairo_surface_mark_dirty")]
    public static partial void SurfaceChanged(nint surface);

    [LibraryImport(Cairo, EntryPoint = "cairo_set_antialias")]
    public static partial void SetShapeAntialias(nint cairo, int antialias);

    [LibraryImport(Cairo, EntryPoint = "cairo_set_line_width")]
    public static partial void SetLineWidth(nint cairo, double width);

    [LibraryImport(Cairo, EntryPoint = "cairo_set_line_join")]
    public static partial void SetLineJoin(nint cairo, int join);

    [LibraryImport(Cairo, EntryPoint = "cairo_set_line_cap")]
    public static partial void SetLineCap(nint cairo, int cap);

    [LibraryImport(Cairo, EntryPoint = "cairo_new_path")]
    public static partial void NewPath(nint cairo);

    [LibraryImport(Cairo, EntryPoint = "cairo_line_to")]
    public static partial void LineTo(nint cairo, double x, double y);

    [LibraryImport(Cairo, EntryPoint = "cairo_rectangle")]
    public static partial void AddRectangle(nint cairo, double x, double y, double width, double height);

    [LibraryImport(Cairo, EntryPoint = "cairo_arc")]
    public static partial void AddArc(nint cairo, double x, double y, double radius, double from, double to);

    [LibraryImport(Cairo, EntryPoint = "cairo_fill")]
    public static partial void Fill(nint cairo);

    [LibraryImport(Cairo, EntryPoint = "cairo_stroke")]
    public static partial void Stroke(nint cairo);

    [LibraryImport(Gd, EntryPoint = "gdImageCreateFromPngPtr")]
    public static partial nint GdFromPng(int size, ReadOnlySpan<byte> png);

    [LibraryImport(Gd, EntryPoint = "gdImageJpegPtr")]
    public static partial nint GdToJpeg(nint image, out int size, int quality);

    [LibraryImport(Gd, EntryPoint = "gdImageDestroy")]
    public static partial void GdDestroy(nint image);

    [LibraryImport(Gd, EntryPoint = "gdFree")]
    public static partial void GdFree(nint memory);
}
