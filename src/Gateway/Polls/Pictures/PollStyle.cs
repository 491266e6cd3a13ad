using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The two ways a poll is shown.</summary>
internal enum PollForm
{
    /// <summary>A row of pills, each an answer and its number: <c>/react</c>.</summary>
    Row,

    /// <summary>The question, and a bar for each answer: <c>/poll</c>.</summary>
    Bars,
}

/// <summary>Everything that decides how a poll looks. Equality by value matters, as for <see cref="CounterStyle"/>. Lengths are CSS pixels, before <see cref="Scale"/>.</summary>
/// <param name="Form">Which way.</param>
/// <param name="Format">PNG or SVG.</param>
internal sealed record PollStyle(PollForm Form, ImageFormat Format)
{
    /// <summary>The parameters there are.</summary>
    public static readonly IReadOnlyList<string> Names = ["theme", "color", "background", "size", "scale", "width", "locale"];

    public const int LeastWidth = 200;
    public const int MostWidth = 800;

    /// <summary>The size of answers.</summary>
    public int Size { get; init; } = CounterStyle.DefaultSize;

    /// <summary>Image pixels for each CSS pixel, 1 to 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The width of bars.</summary>
    public int Width { get; init; } = 420;

    /// <summary>The kind of page it stands on; <see cref="Theme.Auto"/> only as SVG.</summary>
    public Theme Theme { get; init; }

    /// <summary>The colour of what has votes; null leaves it to the theme.</summary>
    public Rgba? Color { get; init; }

    /// <summary>What is behind it: by default nothing.</summary>
    public Rgba Background { get; init; }

    /// <summary>The BCP 47 tag of the locale that writes the numbers.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>The colours, for what draws the shapes of charts.</summary>
    public ChartStyle For(FrameSize size) => new()
    {
        Width = size.Width,
        Height = size.Height,
        Scale = Scale,
        Theme = Theme,
        Color = Color,
        Background = Background,
    };

    /// <summary>Reads a look from the query, and adds a sentence for each parameter that is not allowed.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="form">What the path asks for.</param>
    /// <param name="format">The same.</param>
    /// <param name="site">The look that the site's numbers usually have. Only what says where they stand holds here too.</param>
    /// <param name="errors">Gets the sentences.</param>
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
