using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames;

/// <summary>
/// Estimates the width of text in a browser without its fonts. Exact for ASCII in DejaVu Sans, and within a few per cent in Verdana, which
/// has nearly the same widths. Generous for everything else, since a picture that is too wide looks better than a cut word.
/// </summary>
internal static class TextEstimate
{
    private const int Wide = 110;
    private const int Usual = 70;
    private const int RightToLeft = 58;

    /// <summary>Enough for most letters of another font, such as a monospaced or a bold one.</summary>
    private const int LeastInOtherFont = 62;

    /// <summary>The advances of U+0020 to U+007E in DejaVu Sans 2.37, in hundredths of the font's size.</summary>
    private static ReadOnlySpan<byte> AsciiAdvances =>
    [
        32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34,
        64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
        100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
        60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
        50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61,
        63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
    ];

    /// <summary>True when <see cref="Advance"/> is exact, and stretching the text to it cannot break its shaping.</summary>
    public static bool IsExact(string text) => text.All(c => c is >= ' ' and <= '~');

    /// <summary>The width of the text in CSS pixels.</summary>
    public static int Advance(string text, CounterStyle style)
    {
        int hundredths = text.EnumerateRunes().Sum(rune => (HundredthsOf(rune), style.Font) switch
        {
            (var known, null) => known,
            (0, _) => 0,
            (var known, _) => Math.Max(known * 115 / 100, LeastInOtherFont),
        });
        return (hundredths * style.Size + 99) / 100;
    }

    /// <summary>Whether text is read from right to left. Its first letter decides, as in HTML's <c>dir=auto</c>.</summary>
    public static bool IsRightToLeft(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                // The blocks that the Unicode Character Database reserves for right-to-left scripts.
                return rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
                    or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
            }
        }

        return false;
    }

    /// <summary>
    /// Whether letters reach higher or lower than Latin ones. Punctuation does not count: a French number gets a U+202F with its fourth
    /// digit, and the picture must not jump.
    /// </summary>
    public static bool IsTall(string text) =>
        text.EnumerateRunes().Any(rune => rune.Value >= 0x0590 && rune.Value is not (>= 0x2000 and < 0x2C00));

    private static int HundredthsOf(Rune rune) => rune.Value switch
    {
        >= ' ' and <= '~' => AsciiAdvances[rune.Value - ' '],
        0x00A0 or (>= 0x2000 and <= 0x200A) or 0x202F => 32,
        _ when IsMark(rune) => 0,
        (>= 0x1100 and <= 0x11FF) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7FF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF00 and <= 0xFFEF) => Wide,
        >= 0x1F000 => 130,
        >= 0x0590 and <= 0x08FF => RightToLeft,
        _ when Rune.IsUpper(rune) => 80,
        _ => Usual,
    };

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
