namespace Counter.Gateway.Frames;

/// <summary>
/// The complete style of a number. Viewers with equal styles and numbers share one frame, so equality by value matters. Lengths are CSS
/// pixels, before <see cref="Scale"/>.
/// </summary>
internal sealed record CounterStyle(ImageFormat Format)
{
    public const string DefaultLabel = "Users online: {n}";
    public const string NumberPlace = "{n}";
    public const int DefaultSize = 16;

    /// <summary>Contrast 4.5:1 on white and 4.6:1 on black (formula of WCAG 2), so it is readable on any page.</summary>
    public static readonly Rgba InkForAnyPage = new(0x76, 0x76, 0x76);
    public static readonly Rgba InkForLightPages = new(0x1f, 0x23, 0x28);
    public static readonly Rgba InkForDarkPages = new(0xe6, 0xed, 0xf3);
    private static readonly Rgba DarkPage = new(0x0d, 0x11, 0x17);

    public StyleKind Kind { get; init; }

    /// <summary>The text. The number replaces <c>{n}</c>, or follows the text when there is none.</summary>
    public string Label { get; init; } = DefaultLabel;

    /// <summary>The text for exactly one viewer, with or without <c>{n}</c>; null means <see cref="Label"/>.</summary>
    public string? One { get; init; }

    /// <summary>The colour of the text; null means the theme's.</summary>
    public Rgba? Color { get; init; }

    /// <summary>The background; by default transparent.</summary>
    public Rgba Background { get; init; }

    /// <summary>A font family; null is the default one.</summary>
    public string? Font { get; init; }

    /// <summary>The font's size.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The space on every side of the text.</summary>
    public int Padding { get; init; }

    /// <summary>Image pixels for each CSS pixel, 1 to 4. Pictures are sharp on dense screens when the page sets width and height.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Whether 1,234 is written as 1.2k.</summary>
    public bool Short { get; init; }

    /// <summary>The kind of page. It chooses the colour when none is given.</summary>
    public Theme Theme { get; init; }

    /// <summary>The least width of the picture, so that the page does not move when the number gains a digit.</summary>
    public int MinWidth { get; init; }

    /// <summary>The BCP 47 tag of the locale that formats the number.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>The colour of the text in a raster picture.</summary>
    public Rgba Ink => Color ?? Theme switch
    {
        Theme.Light => InkForLightPages,
        Theme.Dark => InkForDarkPages,
        _ => InkForAnyPage,
    };

    /// <summary>The background in a format without transparency.</summary>
    public Rgba OpaqueBackground => Background.Over(Theme == Theme.Dark ? DarkPage : Rgba.White);

    /// <summary>Returns the text for a number. <c>~</c> before the number means that it is no longer live.</summary>
    public string TextFor(DisplayedCount displayed)
    {
        var (number, template) = (NumberFor(displayed), TemplateFor(displayed));
        if (template.Contains(NumberPlace, StringComparison.Ordinal))
        {
            return template.Replace(NumberPlace, number, StringComparison.Ordinal);
        }

        return ReferenceEquals(template, One) ? Mark(displayed) + template : $"{template} {number}";
    }

    /// <summary>Formats the number. <c>~</c> before it means that it is no longer live.</summary>
    public string NumberFor(DisplayedCount displayed) =>
        Mark(displayed) + (Short ? NumberText.Short(Cut(displayed), Locale) : NumberText.Full(Cut(displayed), Locale));

    /// <summary>Returns the text without its number and without the punctuation around the number.</summary>
    public string CaptionFor(DisplayedCount displayed) => CaptionOf(TemplateFor(displayed));

    /// <summary>Returns a text without the place of its number and without the punctuation around that place.</summary>
    public static string CaptionOf(string template)
    {
        var words = template.Replace(NumberPlace, " ", StringComparison.Ordinal).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words).Trim(' ', ':', '\uFF1A', '-', '=');
    }

    /// <summary>Looks are measured with the longest number that fits.</summary>
    private static long Cut(DisplayedCount displayed) => Math.Min(displayed.Viewers, int.MaxValue);

    private static string Mark(DisplayedCount displayed) => displayed.Live ? "" : "~";

    private string TemplateFor(DisplayedCount displayed) => displayed.Viewers == 1 && One is not null ? One : Label;
}
