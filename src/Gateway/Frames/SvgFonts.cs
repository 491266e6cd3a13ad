using System.Security;

namespace Counter.Gateway.Frames;

/// <summary>The names of fonts in attributes of SVG.</summary>
internal static class SvgFonts
{
    /// <summary>Most systems have one of these. Their letters have nearly the same widths.</summary>
    public const string Usual = "Verdana,DejaVu Sans,sans-serif";

    /// <summary>Generic families are keywords in CSS. In quotes they would name a font.</summary>
    private static readonly string[] Generic = ["serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"];

    /// <summary>Returns a family and its replacement where it is not installed. Null means the default.</summary>
    public static string Of(string? family) => family switch
    {
        null => Usual,
        var name when Generic.Contains(name.ToLowerInvariant()) => name,
        var name => SecurityElement.Escape($"\"{name}\",sans-serif"),
    };
}
