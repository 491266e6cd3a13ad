using System.Runtime.InteropServices;

namespace Counter.Gateway.Frames;

/// <summary>What of PNG and JPEG this machine can draw. SVG needs nothing and always works.</summary>
/// <param name="Png">Pango, Cairo and at least one font are there.</param>
/// <param name="Jpeg">GD is there as well.</param>
/// <param name="Advice">One sentence for the log that says what to install; null when nothing is missing.</param>
internal sealed record RasterSupport(bool Png, bool Jpeg, string? Advice)
{
    private static readonly (string Library, string Package)[] Needed =
    [
        (Native.GObject, "libpango-1.0-0"),
        (Native.Pango, "libpango-1.0-0"),
        (Native.PangoCairo, "libpangocairo-1.0-0"),
        (Native.Cairo, "libpangocairo-1.0-0"),
        (Native.Gd, "libgd3"),
    ];

    /// <summary>Looks for the libraries and for fonts; takes some milliseconds, once at start.</summary>
    public static RasterSupport Probe() => Decide(IsThere, HasFonts);

    /// <summary>Decides from what is there; fonts are asked for only when Pango can answer.</summary>
    public static RasterSupport Decide(Func<string, bool> isThere, Func<bool> hasFonts)
    {
        var missing = Needed.Where(need => !isThere(need.Library)).ToList();
        bool pango = missing.TrueForAll(need => need.Library == Native.Gd);
        bool fonts = pango && hasFonts();
        bool jpeg = fonts && missing.Count == 0;
        var packages = missing.Select(need => need.Package).Distinct().ToList();
        if (!fonts)
        {
            packages.Add("fonts-dejavu-core");
        }

        string? advice = (fonts, jpeg) switch
        {
            (true, true) => null,
            (true, false) => "JPEG pictures are sent as PNG",
            _ => "PNG and JPEG pictures are sent as SVG",
        };
        return new RasterSupport(fonts, jpeg, advice is null ? null : $"{advice} until you install {string.Join(", ", packages)}.");
    }

    private static bool IsThere(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint found))
        {
            return false;
        }

        // GD brings sixty libraries with it, which only those need who ask for JPEG: the bindings load it again then.
        // The others stay; they cannot be unloaded once they have run, and are needed at once.
        if (library == Native.Gd)
        {
            NativeLibrary.Free(found);
        }

        return true;
    }

    private static bool HasFonts()
    {
        using var painter = new TextPainter();
        return painter.HasFonts;
    }
}
