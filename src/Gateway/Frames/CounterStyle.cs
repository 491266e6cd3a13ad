namespace Counter.Gateway.Frames;

/// <summary>
/// Everything that decides how a number looks. Two viewers with equal looks and numbers share one frame, so equality
/// by value matters. Lengths are CSS pixels, before <see cref="Scale"/>.
/// </summary>
internal sealed record CounterStyle(ImageFormat Format)
{
    public const string DefaultLabel = "Users online: {n}";
    public const string NumberPlace = "{n}";
    public const int DefaultSize = 16;

    /// <summary>Contrast 4.5:1 on white and 4.6:1 on black (WCAG 2's formula), so it can be read on any page.</summary>
    public static readonly Rgba InkForAnyPage = new(0x76, 0x76, 0x76);
    public static readonly Rgba InkForLightPages = new(0x1f, 0x23, 0x28);
    public static readonly Rgba InkForDarkPages = new(0xe6, 0xed, 0xf3);
    private static readonly Rgba DarkPage = new(0x0d, 0x11, 0x17);

    /// <summary>What it looks like.</summary>
    public StyleKind Kind { get; init; }

    /// <summary>The text, with <c>{n}</c> where the number goes; without one, the number follows the text.</summary>
    public string Label { get; init; } = DefaultLabel;

    /// <summary>The text for exactly one viewer, with or without <c>{n}</c>; null when it is like any other number.</summary>
    public string? One { get; init; }

    /// <summary>The text's colour; null leaves it to the theme.</summary>
    public Rgba? Color { get; init; }

    /// <summary>What is behind the text: by default nothing.</summary>
    public Rgba Background { get; init; }

    /// <summary>A font family; null is the default one.</summary>
    public string? Font { get; init; }

    /// <summary>The font's size.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>Room on every side of the text.</summary>
    public int Padding { get; init; }

    /// <summary>Image pixels for each CSS pixel, 1 to 4: sharp on dense screens when the page gives width and height.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Writes 1.2k for 1,234.</summary>
    public bool Short { get; init; }

    /// <summary>The kind of page, which chooses a colour where none is given.</summary>
    public Theme Theme { get; init; }

    /// <summary>The least width of the picture, so that a page need not move when a number grows by a digit.</summary>
    public int MinWidth { get; init; }

    /// <summary>The BCP 47 tag of the locale that writes the number.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>The text's colour as a raster picture shows it.</summary>
    public Rgba Ink => Color ?? Theme switch
    {
        Theme.Light => InkForLightPages,
        Theme.Dark => InkForDarkPages,
        _ => InkForAnyPage,
    };

    /// <summary>The background of a format that has no transparency.</summary>
    public Rgba OpaqueBackground => Background.Over(Theme == Theme.Dark ? DarkPage : Rgba.White);

    /// <summary>The text that says this number; <c>~</c> before it says that it is no longer live.</summary>
    public string TextFor(DisplayedCount displayed)
    {
        var (number, template) = (NumberFor(displayed), TemplateFor(displayed));
        if (template.Contains(NumberPlace, StringComparison.Ordinal))
        {
            return template.Replace(NumberPlace, number, StringComparison.Ordinal);
        }

        return ReferenceEquals(template, One) ? Mark(displayed) + template : $"{template} {number}";
    }

    /// <summary>The number as it is written; <c>~</c> before it says that it is no longer live.</summary>
    public string NumberFor(DisplayedCount displayed) =>
        Mark(displayed) + (Short ? NumberText.Short(Cut(displayed), Locale) : NumberText.Full(Cut(displayed), Locale));

    /// <summary>The text without its number, and without what led to it.</summary>
    public string CaptionFor(DisplayedCount displayed) => CaptionOf(TemplateFor(displayed));

    /// <summary>A text without the place of its number, and without what led to it.</summary>
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
