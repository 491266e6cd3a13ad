using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>
/// Everything that decides how a chart looks, whatever it shows. Equality by value matters, as for <see cref="Look"/>.
/// Lengths are CSS pixels, before <see cref="Scale"/>.
/// </summary>
internal sealed record ChartLook
{
    public const int LeastWidth = 160;
    public const int MostWidth = 1600;
    public const int LeastHeight = 80;
    public const int MostHeight = 800;

    public int Width { get; init; } = 480;

    public int Height { get; init; } = 160;

    /// <summary>Image pixels for each CSS pixel, 1 to 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The kind of page the chart stands on; <see cref="Theme.Auto"/> only as SVG.</summary>
    public Theme Theme { get; init; }

    /// <summary>The colour of the first series; null leaves it to the theme.</summary>
    public Rgba? Color { get; init; }

    /// <summary>What is behind the chart: by default nothing.</summary>
    public Rgba Background { get; init; }

    /// <summary>Says what the chart shows, in place of its own title.</summary>
    public string? Label { get; init; }

    /// <summary>The size in image pixels.</summary>
    public FrameSize Size => new(Width * Scale, Height * Scale);

    /// <summary>Whether a chart can be drawn like this.</summary>
    public bool Fits =>
        Width is >= LeastWidth and <= MostWidth && Height is >= LeastHeight and <= MostHeight && Scale is >= 1 and <= 4 && Size.Fits;
}
