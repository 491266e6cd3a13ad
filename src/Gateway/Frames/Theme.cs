namespace Counter.Gateway.Frames;

/// <summary>What kind of page a picture stands on.</summary>
internal enum Theme
{
    /// <summary>Not said: the colour is one that can be read on any page.</summary>
    None,

    /// <summary>A light page: dark text.</summary>
    Light,

    /// <summary>A dark page: light text.</summary>
    Dark,

    /// <summary>What the viewer's system prefers. SVG only: a raster picture cannot ask.</summary>
    Auto,
}
