using System.Diagnostics.CodeAnalysis;

namespace Counter.Gateway.Frames;

/// <summary>
/// Reads a look from the query of a URL. Parameters it does not know are ignored, as are empty ones, which a form sends
/// for what nobody filled in; of a repeated one the last counts, so a look can be changed by appending to a URL.
/// </summary>
internal static class StyleQuery
{
    /// <summary>The parameters there are.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["style", "label", "one", "color", "background", "font", "size", "padding", "scale", "short", "theme", "minwidth", "locale"];

    /// <summary>What styles are called, in the order of <see cref="StyleKind"/>.</summary>
    private static readonly string[] StyleNames = [.. Enum.GetValues<StyleKind>().Select(style => style.Name)];

    public const int LongestText = 100;
    public const int LongestFont = 50;
    private const int LongestLocale = 35;

    /// <param name="query">The parameters.</param>
    /// <param name="format">What the path asks for.</param>
    /// <param name="style">The style, when all are allowed.</param>
    /// <param name="errors">For each parameter that is not, a sentence that says what is.</param>
    /// <param name="usual">The site's own look, for what the query does not say.</param>
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

    /// <summary>What the counter looks like.</summary>
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

    /// <summary>The theme, <c>auto</c> only where the format can follow the reader.</summary>
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
            // Nothing else, since the name reaches CSS, where a comma or slash would begin something new.
            font = text.Trim();
            return font.Length is > 0 and <= LongestFont && font.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-');
        });

    /// <summary>The locale that writes numbers, by .NET's own name for it.</summary>
    public static string LocaleOf(StyleParameters read, string usual) => read.Read(
        "locale",
        usual,
        "A BCP 47 language tag, such as en, de-CH or ar.",
        (string text, out string locale) =>
        {
            // .NET's own name for it, so that looks that differ only in its spelling share their frames.
            bool plain = text.Length <= LongestLocale && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
            locale = plain ? NumberText.FindLocale(text)?.Name ?? "" : "";
            return locale.Length > 0;
        });
}
