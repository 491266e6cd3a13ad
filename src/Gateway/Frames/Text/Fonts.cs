using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace Counter.Gateway.Frames.Text;

/// <summary>The font that is part of the program, and those that are installed. Safe for concurrent use.</summary>
internal sealed class Fonts : IDisposable
{
    /// <summary>The name of the font that is part of the program.</summary>
    public const string DefaultFamily = "DejaVu Sans";

    // A stranger may ask for all characters there are.
    private const int MostRemembered = 20_000;

    private readonly SKTypeface standard;
    private readonly Lazy<IReadOnlyList<SKTypeface>> installed;
    private readonly Lazy<Dictionary<string, SKTypeface>> families;
    private readonly ConcurrentDictionary<SKTypeface, Lazy<FontFace>> faces = [];
    private readonly ConcurrentDictionary<(Rune Rune, bool HasColors), FontFace?> fallbacks = [];

    /// <param name="find">Finds what is installed.</param>
    public Fonts(Func<IReadOnlyList<SKTypeface>> find)
    {
        using var file = typeof(Fonts).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        standard = SKTypeface.FromStream(file);
        Default = new FontFace(standard);
        installed = new(find);
        families = new(() => installed.Value.ToDictionary(typeface => typeface.FamilyName, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The font that is part of the program.</summary>
    public FontFace Default { get; }

    /// <summary>The font of a family; the default one where that is not installed.</summary>
    public FontFace Of(string? family) =>
        family is null || family.Equals(DefaultFamily, StringComparison.OrdinalIgnoreCase) || !families.Value.TryGetValue(family, out var typeface)
            ? Default
            : FaceOf(typeface);

    /// <summary>The font that draws what somebody sees as one letter.</summary>
    /// <param name="letter">A letter with its marks, or an emoji.</param>
    /// <param name="wanted">The font that is to draw it if it can.</param>
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
            // What joins letters and chooses between their variants is not drawn.
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
