using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>The complete style of a chart. Equality by value matters, as for <see cref="CounterStyle"/>.</summary>
internal sealed record ChartStyle : ShapeStyle
{
    public const int LeastWidth = 160;
    public const int MostWidth = 1600;
    public const int LeastHeight = 80;
    public const int MostHeight = 800;

    public ChartStyle() => (Width, Height) = (480, 160);

    /// <summary>The colour of the first series; null means the theme's.</summary>
    public Rgba? Color { get; init; }

    /// <summary>The title, in place of the chart's own.</summary>
    public string? Label { get; init; }

    /// <summary>Whether a chart of this style can be drawn.</summary>
    public bool Fits =>
        Width is >= LeastWidth and <= MostWidth && Height is >= LeastHeight and <= MostHeight && Scale is >= 1 and <= 4 && Size.Fits;

    public override Rgba ColorOf(ColorRole role, Theme theme) => role == ColorRole.First && Color is { } own ? own : ThemeColors.Of(role, theme);
}
