using System.Globalization;

namespace Counter.Gateway.Frames;

/// <summary>Formats numbers in a locale.</summary>
internal static class NumberText
{
    private static readonly (int Unit, string Suffix)[] Units = [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")];

    /// <summary>Finds the locale of a BCP 47 tag; null when there is none.</summary>
    public static CultureInfo? FindLocale(string tag)
    {
        try
        {
            return CultureInfo.GetCultureInfo(tag, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Formats the whole number in groups: <c>1,234</c>, <c>1.234</c>, <c>١٬٢٣٤</c>.</summary>
    public static string Full(long number, string locale)
    {
        // Without ICU .NET has only the invariant locale, and numbers must still be written.
        var culture = FindLocale(locale) ?? CultureInfo.InvariantCulture;
        return WithDigitsOf(culture, number.ToString("N0", culture));
    }

    /// <summary>
    /// At most four characters and a suffix: <c>999</c>, <c>1.2k</c>, <c>123k</c>, <c>3.4M</c>. Digits are cut off and not rounded: a
    /// counter must not show more people than there are, and <c>999,999</c> must not become <c>1000k</c>.
    /// </summary>
    public static string Short(long number, string locale)
    {
        foreach (var (unit, suffix) in Units)
        {
            if (number >= unit)
            {
                var culture = FindLocale(locale) ?? CultureInfo.InvariantCulture;
                long whole = number / unit;
                long tenth = number % unit / (unit / 10);
                string digits = whole >= 100 || tenth == 0
                    ? whole.ToString(culture)
                    : whole.ToString(culture) + culture.NumberFormat.NumberDecimalSeparator + tenth.ToString(culture);
                return WithDigitsOf(culture, digits) + suffix;
            }
        }

        return Full(number, locale);
    }

    /// <summary>Writes the digits of the locale. .NET always writes 0 to 9, even between the separators of scripts with their own digits.</summary>
    private static string WithDigitsOf(CultureInfo culture, string number)
    {
        string[] digits = culture.NumberFormat.NativeDigits;
        return digits[0] == "0"
            ? number
            : string.Concat(number.Select(c => char.IsAsciiDigit(c) ? digits[c - '0'] : c.ToString()));
    }
}
