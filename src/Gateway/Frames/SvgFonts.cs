using System.Security;

namespace Counter.Gateway.Frames;

/// <summary>Names of fonts as the attributes of SVG have them.</summary>
internal static class SvgFonts
{
    /// <summary>What most systems have one of; their letters are nearly equally wide.</summary>
    public const string Usual = "Verdana,DejaVu Sans,sans-serif";

    /// <summary>Generic families are keywords in CSS: in quotes they would name a font.</summary>
    private static readonly string[] Generic = ["serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"];

    /// <summary>A family, and what takes its place where it is not installed. Null is the usual one.</summary>
    public static string Of(string? family) => family switch
    {
        null => Usual,
        var name when Generic.Contains(name.ToLowerInvariant()) => name,
        var name => SecurityElement.Escape($"\"{name}\",sans-serif"),
    };
}
