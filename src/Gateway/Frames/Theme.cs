namespace Counter.Gateway.Frames;

/// <summary>The kind of page that a picture is on.</summary>
internal enum Theme
{
    /// <summary>Unknown: the colour is readable on any page.</summary>
    None,

    /// <summary>A light page: dark text.</summary>
    Light,

    /// <summary>A dark page: light text.</summary>
    Dark,

    /// <summary>The preference of the viewer's system. Only in SVG: a raster picture cannot query it.</summary>
    Auto,
}
