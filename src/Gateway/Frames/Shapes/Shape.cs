namespace Counter.Gateway.Frames.Shapes;

/// <summary>A place in a picture, in CSS pixels from its upper left corner.</summary>
internal readonly record struct Place(double X, double Y);

/// <summary>What a picture is made of, in the order of drawing: written as SVG, or drawn.</summary>
/// <param name="Role">The colour.</param>
internal abstract record Shape(ColorRole Role)
{
    /// <summary>How much of the colour is seen, 0 to 255.</summary>
    public int Cover { get; init; } = 255;
}

/// <summary>A filled rectangle.</summary>
internal sealed record Box(ColorRole Role, double X, double Y, double Width, double Height) : Shape(Role);

/// <summary>A filled rectangle with round corners, or the line around it.</summary>
internal sealed record Pill(ColorRole Role, double X, double Y, double Width, double Height, double Radius, double LineWidth = 0) : Shape(Role);

/// <summary>A line through places.</summary>
internal sealed record Line(ColorRole Role, IReadOnlyList<Place> Places, double Width) : Shape(Role);

/// <summary>A filled area with these corners. Where a line runs along its edge, the edge may be rough.</summary>
internal sealed record Area(ColorRole Role, IReadOnlyList<Place> Corners, bool IsRough = false) : Shape(Role);

/// <summary>A filled circle, or a ring of a line's width.</summary>
internal sealed record Dot(ColorRole Role, Place Center, double Radius, double RingWidth = 0) : Shape(Role);

/// <summary>Where in a line of text its place is.</summary>
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

    /// <summary>How wide the text is to be in any font, in CSS pixels; null leaves that to the font. For text without letters that join.</summary>
    public int? Width { get; init; }

    /// <summary>Whether there may be emoji in it, which have colours of their own.</summary>
    public bool IsColorful { get; init; }
}
