using System.Diagnostics.CodeAnalysis;

namespace Counter.Gateway.Frames;

/// <summary>
/// Reads a style from the query of a URL. Unknown and empty parameters are ignored: a form sends empty ones for blank fields. The last
/// value of a repeated parameter counts, so that appending to a URL changes the style.
/// </summary>
internal static class StyleQuery
{
    /// <summary>The names of all parameters.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["style", "label", "one", "color", "background", "font", "size", "padding", "scale", "short", "theme", "minwidth", "locale"];

    /// <summary>The names of the styles, in the order of <see cref="StyleKind"/>.</summary>
    private static readonly string[] StyleNames = [.. Enum.GetValues<StyleKind>().Select(style => style.Name)];

    public const int LongestText = 100;
    public const int LongestFont = 50;
    private const int LongestLocale = 35;

    /// <param name="query">The parameters.</param>
    /// <param name="format">The format that the path names.</param>
    /// <param name="style">The style; null when a parameter is invalid.</param>
    /// <param name="errors">For each invalid parameter a sentence with the valid values.</param>
    /// <param name="usual">The site's default style, for missing parameters.</param>
    public static bool TryParse(
        IQueryCollection query,
        ImageFormat format,
        [NotNullWhen(true)] out CounterStyle? style,
        out Dictionary<string, string[]> errors,
        IReadOnlyDictionary<string, string>? usual = null)
    {
        var read = new StyleParameters(query, usual);
        var kind = StyleOf(read);
        var parsed = new CounterStyle(format);
        parsed = parsed with
        {
            Kind = kind,
            Label = read.Text("label") ?? kind.LabelOf(query["count"].LastOrDefault()),
            One = read.Text("one"),
            Color = read.Color("color"),
            Background = read.Color("background") ?? parsed.Background,
            Font = FontOf(read),
            Size = read.Whole("size", kind.Size, 8, 64),
            Padding = read.Whole("padding", parsed.Padding, 0, 40),
            Scale = read.Whole("scale", parsed.Scale, 1, 4),
            Short = read.Flag("short"),
            Theme = ThemeOf(read, format),
            MinWidth = read.Whole("minwidth", parsed.MinWidth, 0, 1000),
            Locale = LocaleOf(read, parsed.Locale),
        };
        errors = read.Errors;
        style = errors.Count == 0 ? parsed : null;
        return style is not null;
    }

    private static StyleKind StyleOf(StyleParameters read) => read.Read(
        "style",
        StyleKind.Text,
        string.Join(", ", StyleNames.SkipLast(1)) + $" or {StyleNames[^1]}.",
        (string text, out StyleKind style) =>
        {
            var found = Array.IndexOf(StyleNames, text);
            style = (StyleKind)Math.Max(found, 0);
            return found >= 0;
        });

    /// <summary>Reads the theme. <c>auto</c> is valid only where the format can follow the reader's system.</summary>
    public static Theme ThemeOf(StyleParameters read, ImageFormat format) => read.Read(
        "theme",
        Theme.None,
        format == ImageFormat.Svg ? "light, dark or auto." : "light or dark; auto only in SVG.",
        (string text, out Theme theme) =>
        {
            theme = text switch
            {
                "light" => Theme.Light,
                "dark" => Theme.Dark,
                "auto" when format == ImageFormat.Svg => Theme.Auto,
                _ => Theme.None,
            };
            return theme != Theme.None;
        });

    private static string? FontOf(StyleParameters read) => read.Read<string?>(
        "font",
        null,
        $"The name of one font family: at most {LongestFont} letters, digits, spaces and hyphens.",
        (string text, out string? font) =>
        {
            // Other characters are refused: the name goes into CSS, where a comma or slash would begin something new.
            font = text.Trim();
            return font.Length is > 0 and <= LongestFont && font.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-');
        });

    /// <summary>Reads the locale that formats numbers, by its name in .NET.</summary>
    public static string LocaleOf(StyleParameters read, string usual) => read.Read(
        "locale",
        usual,
        "A BCP 47 language tag, such as en, de-CH or ar.",
        (string text, out string locale) =>
        {
            // By its name in .NET, so that styles that differ only in its spelling share their frames.
            bool plain = text.Length <= LongestLocale && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
            locale = plain ? NumberText.FindLocale(text)?.Name ?? "" : "";
            return locale.Length > 0;
        });
}
