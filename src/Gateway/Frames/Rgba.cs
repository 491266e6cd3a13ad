using System.Drawing;
using System.Globalization;
using SkiaSharp;

namespace Counter.Gateway.Frames;

/// <summary>A colour with straight (not premultiplied) alpha.</summary>
internal readonly record struct Rgba(byte R, byte G, byte B, byte A = 255)
{
    public static readonly Rgba White = new(255, 255, 255);

    /// <summary>The colour for Skia.</summary>
    public SKColor Skia => new(R, G, B, A);

    /// <summary>The colour without its alpha, in CSS notation.</summary>
    public string Hex => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    /// <summary>Returns this colour with its alpha scaled by <paramref name="coverage"/>, 0 to 255.</summary>
    public Rgba Covering(int coverage) => this with { A = (byte)((A * coverage + 127) / 255) };

    /// <summary>Returns this colour over another (Porter and Duff's "over").</summary>
    public Rgba Over(Rgba below)
    {
        int under = below.A * (255 - A);
        int alpha = A * 255 + under;
        if (alpha == 0)
        {
            return default;
        }

        int above = A * 255;
        byte Mix(byte top, byte bottom) => (byte)((top * above + bottom * under + alpha / 2) / alpha);
        return new Rgba(Mix(R, below.R), Mix(G, below.G), Mix(B, below.B), (byte)((alpha + 127) / 255));
    }

    /// <summary>
    /// Parses <c>rgb</c>, <c>rgba</c>, <c>rrggbb</c> or <c>rrggbbaa</c> in hexadecimal, or a CSS colour name. The <c>#</c> may be left out,
    /// since URLs must escape it.
    /// </summary>
    public static bool TryParse(string text, out Rgba color)
    {
        return TryParseHex(text.StartsWith('#') ? text[1..] : text, out color) || TryParseName(text, out color);
    }

    private static bool TryParseHex(string digits, out Rgba color)
    {
        color = default;
        if (digits.Length is not (3 or 4 or 6 or 8) || !digits.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        string full = digits.Length <= 4 ? string.Concat(digits.Select(digit => new string(digit, 2))) : digits;
        byte[] bytes = Convert.FromHexString(full);
        color = new Rgba(bytes[0], bytes[1], bytes[2], bytes.Length == 4 ? bytes[3] : (byte)255);
        return true;
    }

    private static bool TryParseName(string name, out Rgba color)
    {
        // .NET has the CSS names, but spells grey one way only, and has the colours of a desktop among them.
        var named = Color.FromName(name.Replace("grey", "gray", StringComparison.OrdinalIgnoreCase));
        color = named.A == 0 ? default : new Rgba(named.R, named.G, named.B, named.A);
        return named.IsKnownColor && !named.IsSystemColor;
    }
}
