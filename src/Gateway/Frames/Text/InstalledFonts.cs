using System.Text;
using SkiaSharp;

namespace Counter.Gateway.Frames.Text;

/// <summary>
/// Finds the fonts in the usual folders of the system. The search runs when the first font is needed, and takes some tenths of a second
/// with hundreds of fonts. It uses no library of the system, so it works in the same way wherever there are files.
/// </summary>
internal static class InstalledFonts
{
    private static readonly string[] Kinds = [".ttf", ".otf", ".ttc"];

    /// <summary>
    /// Returns one font for each family, neither bold nor slanted if the family has such. Those that go best with the default font come
    /// first.
    /// </summary>
    public static IReadOnlyList<SKTypeface> Find() =>
    [
        .. Files().SelectMany(Open)
            .GroupBy(typeface => typeface.FamilyName, StringComparer.OrdinalIgnoreCase)
            .Select(family => family.OrderBy(DistanceFromRegular).First())
            .OrderBy(typeface => Preference(typeface.FamilyName)).ThenBy(typeface => typeface.FamilyName, StringComparer.Ordinal),
    ];

    /// <summary>Whether a font has a character.</summary>
    public static bool Has(this SKTypeface typeface, Rune rune)
    {
        using var font = typeface.ToFont();
        return font.ContainsGlyph(rune.Value);
    }

    private static IEnumerable<string> Files()
    {
        var readable = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Folders().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", readable))
            .Where(file => Kinds.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
    }

    private static string[] Folders() =>
        OperatingSystem.IsWindows() ? [Environment.GetFolderPath(Environment.SpecialFolder.Fonts)]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Fonts", "/Library/Fonts"]
        : ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "fonts")];

    /// <summary>Opens the fonts of a file; none when it is damaged.</summary>
    private static IEnumerable<SKTypeface> Open(string file)
    {
        for (var index = 0; SKTypeface.FromFile(file, index) is { } typeface; index++)
        {
            yield return typeface;
            if (!file.EndsWith(".ttc", StringComparison.OrdinalIgnoreCase))
            {
                yield break;
            }
        }
    }

    private static int DistanceFromRegular(SKTypeface typeface) =>
        Math.Abs(typeface.FontWeight - (int)SKFontStyleWeight.Normal) + (typeface.FontSlant == SKFontStyleSlant.Upright ? 0 : 2000)
        + (Math.Abs(typeface.FontWidth - (int)SKFontStyleWidth.Normal) * 100);

    /// <summary>Ranks a family: a sans serif goes best with the default font, a monospaced one worst.</summary>
    private static int Preference(string family) =>
        family.Contains("Mono", StringComparison.OrdinalIgnoreCase) ? 3
        : family.Contains("Serif", StringComparison.OrdinalIgnoreCase) ? 2
        : family.Contains("Sans", StringComparison.OrdinalIgnoreCase) ? 0 : 1;
}
