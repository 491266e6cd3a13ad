namespace Counter.Gateway.Frames;

/// <summary>The file formats a number can be shown in.</summary>
internal enum ImageFormat
{
    /// <summary>A palette image with an alpha ramp; true colour when the text has colours of its own.</summary>
    Png,

    /// <summary>Text that the viewer's browser draws: sharp on every screen.</summary>
    Svg,

    /// <summary>For tools that read motion JPEG. Always opaque.</summary>
    Jpeg,

    /// <summary>Without loss, with transparency.</summary>
    WebP,
}

/// <summary>What a format is called on the wire.</summary>
internal static class ImageFormatNames
{
    extension(ImageFormat format)
    {
        /// <summary>Whether what is behind a picture can be seen through it.</summary>
        public bool HasTransparency => format != ImageFormat.Jpeg;

        /// <summary>The media type, for a <c>Content-Type</c>.</summary>
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
