using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>
/// Everything that decides how a chart looks, whatever it shows. Equality by value matters, as for <see cref="CounterStyle"/>.
/// </summary>
internal sealed record ChartStyle : ShapeStyle
{
    public const int LeastWidth = 160;
    public const int MostWidth = 1600;
    public const int LeastHeight = 80;
    public const int MostHeight = 800;

    public ChartStyle() => (Width, Height) = (480, 160);

    /// <summary>The colour of the first series; null leaves it to the theme.</summary>
    public Rgba? Color { get; init; }

    /// <summary>Says what the chart shows, in place of its own title.</summary>
    public string? Label { get; init; }

    /// <summary>Whether a chart can be drawn like this.</summary>
    public bool Fits =>
        Width is >= LeastWidth and <= MostWidth && Height is >= LeastHeight and <= MostHeight && Scale is >= 1 and <= 4 && Size.Fits;

    public override Rgba ColorOf(ColorRole role, Theme theme) => role == ColorRole.First && Color is { } own ? own : ThemeColors.Of(role, theme);
}
