namespace Counter.Gateway.Frames;

/// <summary>The file formats of a number.</summary>
internal enum ImageFormat
{
    /// <summary>A palette image with an alpha ramp; true colour when the text has its own colours.</summary>
    Png,

    /// <summary>Text that the viewer's browser draws. It is sharp on every screen.</summary>
    Svg,

    /// <summary>For tools that read motion JPEG. Always opaque.</summary>
    Jpeg,

    /// <summary>Lossless, with transparency.</summary>
    WebP,
}

/// <summary>The properties of a format.</summary>
internal static class ImageFormatNames
{
    extension(ImageFormat format)
    {
        /// <summary>Whether pictures can be transparent.</summary>
        public bool HasTransparency => format != ImageFormat.Jpeg;

        /// <summary>The media type, for <c>Content-Type</c>.</summary>
        public string MediaType => format switch
        {
            ImageFormat.Png => "image/png",
            ImageFormat.Svg => "image/svg+xml",
            ImageFormat.Jpeg => "image/jpeg",
            ImageFormat.WebP => "image/webp",
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }
}
