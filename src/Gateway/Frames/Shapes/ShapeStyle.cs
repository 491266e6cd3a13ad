namespace Counter.Gateway.Frames.Shapes;

/// <summary>The size and the colours of a drawing. Equal by value. Lengths are CSS pixels, before <see cref="Scale"/>.</summary>
internal abstract record ShapeStyle
{
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Image pixels for each CSS pixel, 1 to 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The kind of page; <see cref="Theme.Auto"/> only in SVG.</summary>
    public Theme Theme { get; init; }

    /// <summary>The background; by default transparent.</summary>
    public Rgba Background { get; init; }

    /// <summary>The opacity of the whole drawing, 0 to 255.</summary>
    public int Opacity { get; init; } = 255;

    /// <summary>The size in image pixels.</summary>
    public FrameSize Size => new(Width * Scale, Height * Scale);

    /// <summary>Returns the colour of a role. <see cref="Theme.Auto"/> has that for any page, for viewers that report no preference.</summary>
    public Rgba ColorOf(ColorRole role) => ColorOf(role, Theme);

    /// <summary>Returns the colour of a role on a kind of page.</summary>
    public abstract Rgba ColorOf(ColorRole role, Theme theme);
}
