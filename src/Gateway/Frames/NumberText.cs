using System.Globalization;

namespace Counter.Gateway.Frames;

/// <summary>Writes numbers the way a locale does.</summary>
internal static class NumberText
{
    private static readonly (int Unit, string Suffix)[] Units = [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")];

    /// <summary>The locale a BCP 47 tag names; null when there is none of that name.</summary>
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

    /// <summary>The whole number, in groups: <c>1,234</c>, <c>1.234</c>, <c>١٬٢٣٤</c>.</summary>
    public static string Full(long number, string locale)
    {
        // Without ICU .NET knows no locale but the invariant one, and numbers still have to be written.
        var culture = FindLocale(locale) ?? CultureInfo.InvariantCulture;
        return WithDigitsOf(culture, number.ToString("N0", culture));
    }

    /// <summary>
    /// At most four characters and a suffix: <c>999</c>, <c>1.2k</c>, <c>123k</c>, <c>3.4M</c>. Cut off and not rounded:
    /// a counter must not show people who are not there, and <c>999,999</c> must not become <c>1000k</c>.
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

    /// <summary>.NET always writes the digits 0 to 9, also between the separators of scripts that have their own.</summary>
    private static string WithDigitsOf(CultureInfo culture, string number)
    {
        string[] digits = culture.NumberFormat.NativeDigits;
        return digits[0] == "0"
            ? number
            : string.Concat(number.Select(c => char.IsAsciiDigit(c) ? digits[c - '0'] : c.ToString()));
    }
}
