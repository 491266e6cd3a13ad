namespace Counter.Gateway.Frames.Shapes;

/// <summary>A place in a picture, in CSS pixels from its upper left corner.</summary>
internal readonly record struct Place(double X, double Y);

/// <summary>A part of a picture. A picture is a list of shapes in drawing order, written as SVG or drawn as pixels.</summary>
/// <param name="Role">The colour.</param>
internal abstract record Shape(ColorRole Role)
{
    /// <summary>The opacity, 0 to 255.</summary>
    public int Cover { get; init; } = 255;
}

/// <summary>A filled rectangle.</summary>
internal sealed record Box(ColorRole Role, double X, double Y, double Width, double Height) : Shape(Role);

/// <summary>A filled rectangle with round corners, or its outline.</summary>
internal sealed record Pill(ColorRole Role, double X, double Y, double Width, double Height, double Radius, double LineWidth = 0) : Shape(Role);

/// <summary>A line through places.</summary>
internal sealed record Line(ColorRole Role, IReadOnlyList<Place> Places, double Width) : Shape(Role);

/// <summary>A filled area with these corners. Its edge may be rough where a line covers it.</summary>
internal sealed record Area(ColorRole Role, IReadOnlyList<Place> Corners, bool IsRough = false) : Shape(Role);

/// <summary>A filled circle, or a ring of a line's width.</summary>
internal sealed record Dot(ColorRole Role, Place Center, double Radius, double RingWidth = 0) : Shape(Role);

/// <summary>The point of a line of text that is at its place.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>One line of text; its place is on its baseline.</summary>
internal sealed record Words(ColorRole Role, string Text, Place At, int Size, Anchor Anchor = Anchor.Start) : Shape(Role)
{
    /// <summary>A font family; null is the default one.</summary>
    public string? Font { get; init; }

    /// <summary>The width of the text in any font, in CSS pixels; null means that of the font. Only for text whose letters do not join.</summary>
    public int? Width { get; init; }

    /// <summary>Whether the text may contain emoji, which have their own colours.</summary>
    public bool IsColorful { get; init; }
}
