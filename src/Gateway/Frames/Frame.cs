namespace Counter.Gateway.Frames;

/// <summary>An encoded image: immutable bytes shared by every viewer that shows the same thing.</summary>
/// <param name="contentType">The media type of <paramref name="image"/>.</param>
/// <param name="image">The file's bytes, complete.</param>
internal sealed class Frame(string contentType, ReadOnlyMemory<byte> image)
{
    /// <summary>The media type of <see cref="Image"/>.</summary>
    public string ContentType => contentType;

    /// <summary>The file's bytes, complete.</summary>
    public ReadOnlyMemory<byte> Image => image;

    /// <summary>The frame with all that is around it on the wire, kept by whoever writes it first for those who write it next.</summary>
    public byte[]? Wire { get; set; }
}
