using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace Counter.Gateway.Frames.Text;

/// <summary>The embedded font and the installed ones. Thread-safe.</summary>
internal sealed class Fonts : IDisposable
{
    /// <summary>The family of the embedded font.</summary>
    public const string DefaultFamily = "DejaVu Sans";

    // A client may request every character that exists.
    private const int MostRemembered = 20_000;

    private readonly SKTypeface standard;
    private readonly Lazy<IReadOnlyList<SKTypeface>> installed;
    private readonly Lazy<Dictionary<string, SKTypeface>> families;
    private readonly ConcurrentDictionary<SKTypeface, Lazy<FontFace>> faces = [];
    private readonly ConcurrentDictionary<(Rune Rune, bool HasColors), FontFace?> fallbacks = [];

    /// <param name="find">Finds the installed fonts.</param>
    public Fonts(Func<IReadOnlyList<SKTypeface>> find)
    {
        using var file = typeof(Fonts).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        standard = SKTypeface.FromStream(file);
        Default = new FontFace(standard);
        installed = new(find);
        families = new(() => installed.Value.ToDictionary(typeface => typeface.FamilyName, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The embedded font.</summary>
    public FontFace Default { get; }

    /// <summary>Returns the font of a family; the default one when the family is not installed.</summary>
    public FontFace Of(string? family) =>
        family is null || family.Equals(DefaultFamily, StringComparison.OrdinalIgnoreCase) || !families.Value.TryGetValue(family, out var typeface)
            ? Default
            : FaceOf(typeface);

    /// <summary>Returns the font that draws a user-perceived letter.</summary>
    /// <param name="letter">A letter with its marks, or an emoji.</param>
    /// <param name="wanted">The font to use when it has the letter.</param>
    public FontFace For(string letter, FontFace wanted)
    {
        var first = Rune.GetRuneAt(letter, 0);
        if (Emoji.HasColors(letter) && Find(first, hasColors: true) is { } colors)
        {
            return colors;
        }

        return CanDraw(wanted, letter) ? wanted : CanDraw(Default, letter) ? Default : Find(first, hasColors: false) ?? wanted;
    }

    public void Dispose()
    {
        foreach (var face in faces.Values)
        {
            face.Value.Dispose();
        }

        if (installed.IsValueCreated)
        {
            foreach (var typeface in installed.Value)
            {
                typeface.Dispose();
            }
        }

        Default.Dispose();
        standard.Dispose();
    }

    private static bool CanDraw(FontFace face, string letter)
    {
        foreach (var rune in letter.EnumerateRunes())
        {
            // Joiners and variation selectors are not drawn.
            if (BidiClasses.Of(rune) != BidiClass.BN && rune.Value is not (>= 0xFE00 and <= 0xFE0F) && !face.Has(rune))
            {
                return false;
            }
        }

        return true;
    }

    private FontFace? Find(Rune rune, bool hasColors)
    {
        if (fallbacks.TryGetValue((rune, hasColors), out var known))
        {
            return known;
        }

        if (fallbacks.Count >= MostRemembered)
        {
            fallbacks.Clear();
        }

        var found = installed.Value.FirstOrDefault(typeface => FontFace.IsColored(typeface) == hasColors && typeface.Has(rune));
        return fallbacks[(rune, hasColors)] = found is null ? null : FaceOf(found);
    }

    private FontFace FaceOf(SKTypeface typeface) => faces.GetOrAdd(typeface, font => new Lazy<FontFace>(() => new FontFace(font))).Value;
}
