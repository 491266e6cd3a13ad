namespace Counter.Gateway.Frames.Shapes;

/// <summary>The size and the colours in which shapes are drawn. Equal by value. Lengths are CSS pixels, before <see cref="Scale"/>.</summary>
internal abstract record ShapeStyle
{
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Image pixels for each CSS pixel, 1 to 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The kind of page it stands on; <see cref="Theme.Auto"/> only as SVG.</summary>
    public Theme Theme { get; init; }

    /// <summary>What is behind it: by default nothing.</summary>
    public Rgba Background { get; init; }

    /// <summary>How much of all of it is seen, 0 to 255.</summary>
    public int Opacity { get; init; } = 255;

    /// <summary>The size in image pixels.</summary>
    public FrameSize Size => new(Width * Scale, Height * Scale);

    /// <summary>The colour of a role; <see cref="Theme.Auto"/> has that of any page, for viewers that cannot say what they prefer.</summary>
    public Rgba ColorOf(ColorRole role) => ColorOf(role, Theme);

    /// <summary>The colour of a role on a kind of page.</summary>
    public abstract Rgba ColorOf(ColorRole role, Theme theme);
}
