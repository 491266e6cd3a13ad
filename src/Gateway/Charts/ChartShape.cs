namespace Counter.Gateway.Charts;

/// <summary>A place in a chart, in CSS pixels from its upper left corner.</summary>
internal readonly record struct Place(double X, double Y);

/// <summary>What a chart is made of, in the order of drawing; one way of it is written as SVG, the other drawn.</summary>
/// <param name="Role">The colour.</param>
internal abstract record ChartShape(ChartRole Role)
{
    /// <summary>How much of the colour is seen, 0 to 255.</summary>
    public int Cover { get; init; } = 255;
}

/// <summary>A filled rectangle.</summary>
internal sealed record Box(ChartRole Role, double X, double Y, double Width, double Height) : ChartShape(Role);

/// <summary>A filled rectangle with round corners, or the line around it.</summary>
internal sealed record Pill(ChartRole Role, double X, double Y, double Width, double Height, double Radius, double LineWidth = 0) : ChartShape(Role);

/// <summary>A line through places.</summary>
internal sealed record Line(ChartRole Role, IReadOnlyList<Place> Places, double Width) : ChartShape(Role);

/// <summary>A filled area with these corners. Where a line runs along its edge, the edge may be rough.</summary>
internal sealed record Area(ChartRole Role, IReadOnlyList<Place> Corners, bool IsRough = false) : ChartShape(Role);

/// <summary>A filled circle, or a ring of a line's width.</summary>
internal sealed record Dot(ChartRole Role, Place Center, double Radius, double RingWidth = 0) : ChartShape(Role);

/// <summary>Where in a line of text its place is.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>One line of text; its place is on its baseline.</summary>
internal sealed record Words(ChartRole Role, string Text, Place At, int Size, Anchor Anchor = Anchor.Start) : ChartShape(Role)
{
    /// <summary>Whether there may be emoji in it, which have colours of their own.</summary>
    public bool IsColorful { get; init; }
}
