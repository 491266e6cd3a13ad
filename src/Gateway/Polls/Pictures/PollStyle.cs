using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The two layouts of a poll.</summary>
internal enum PollForm
{
    /// <summary>A row of pills, each with an answer and its number: <c>/react</c>.</summary>
    Row,

    /// <summary>A question, and a bar for each answer: <c>/poll</c>.</summary>
    Bars,
}

/// <summary>
/// The style of a poll picture. Equality by value matters, as for <see cref="CounterStyle"/>. Lengths are CSS pixels, before <see cref="Scale"/>.
/// </summary>
/// <param name="Form">The layout.</param>
/// <param name="Format">PNG or SVG.</param>
internal sealed record PollStyle(PollForm Form, ImageFormat Format)
{
    /// <summary>The names of the query parameters.</summary>
    public static readonly IReadOnlyList<string> Names = ["theme", "color", "background", "size", "scale", "width", "locale"];

    public const int LeastWidth = 200;
    public const int MostWidth = 800;

    /// <summary>The text size of the answers.</summary>
    public int Size { get; init; } = CounterStyle.DefaultSize;

    /// <summary>Image pixels for each CSS pixel, 1 to 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The width of bars.</summary>
    public int Width { get; init; } = 420;

    /// <summary>The theme of the embedding page; <see cref="Theme.Auto"/> only as SVG.</summary>
    public Theme Theme { get; init; }

    /// <summary>The colour of answers with votes; null for the colour of the theme.</summary>
    public Rgba? Color { get; init; }

    /// <summary>The background; transparent by default.</summary>
    public Rgba Background { get; init; }

    /// <summary>The BCP 47 tag of the locale of the numbers.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>The same style for the renderer of charts.</summary>
    public ChartStyle For(FrameSize size) => new()
    {
        Width = size.Width,
        Height = size.Height,
        Scale = Scale,
        Theme = Theme,
        Color = Color,
        Background = Background,
    };

    /// <summary>Reads a style from the query, and adds an error for each invalid parameter.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="form">The layout of the path.</param>
    /// <param name="format">The format of the path.</param>
    /// <param name="site">The site's default style of numbers. Polls use only its theme, background and locale.</param>
    /// <param name="errors">Receives the errors.</param>
    public static PollStyle Read(
        IQueryCollection query, PollForm form, ImageFormat format, IReadOnlyDictionary<string, string>? site, Dictionary<string, string[]> errors)
    {
        var read = new StyleParameters(query, site?.Where(usual => usual.Key is "theme" or "background" or "locale").ToDictionary());
        var usual = new PollStyle(form, format);
        var style = usual with
        {
            Size = read.Whole("size", usual.Size, 10, 32),
            Scale = read.Whole("scale", usual.Scale, 1, 4),
            Width = read.Whole("width", usual.Width, LeastWidth, MostWidth),
            Theme = StyleQuery.ThemeOf(read, format),
            Color = read.Color("color"),
            Background = read.Color("background") ?? usual.Background,
            Locale = StyleQuery.LocaleOf(read, usual.Locale),
        };
        foreach (var (name, allowed) in read.Errors)
        {
            errors[name] = allowed;
        }

        return style;
    }
}
