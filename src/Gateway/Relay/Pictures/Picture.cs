using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay.Pictures;

/// <summary>The properties of a published picture, read without decoding it.</summary>
/// <param name="ContentType">The media type, by its bytes.</param>
/// <param name="Size">The size in pixels.</param>
/// <param name="Length">The bytes of the file that are the picture. The rest of the file is dropped.</param>
/// <remarks>
/// The structure is checked to the end of the picture, so that watchers never get a cut picture or another file. Pixels are not decoded.
/// A decoder for untrusted bytes can be attacked, and it would cost milliseconds for each of 25 frames a second. A picture with a sound
/// structure and a few wrong pixels does no harm in a browser.
/// </remarks>
internal sealed record Picture(string ContentType, FrameSize Size, int Length)
{
    /// <summary>Checks a file and makes the picture that all watchers share.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PublishException">The file is not a sound picture.</exception>
    public static ChannelPicture Check(byte[] file) => TryRead(file, out var picture, out var problem)
        ? picture.Cut(file)
        : throw PublishException.Broken(problem);

    /// <summary>Makes the picture that all watchers share: the file up to the end of the picture.</summary>
    public ChannelPicture Cut(byte[] file) => new(ContentType, Size.Width, Size.Height, Length == file.Length ? file : file[..Length]);

    /// <summary>Reads the properties of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="picture">The properties.</param>
    /// <param name="problem">Otherwise, the error as a sentence.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out string? problem)
    {
        picture = null;
        var format = JpegFile.IsMeant(file) ? ImageFormat.Jpeg : ImageFormat.Png;
        FrameSize size = default;
        var length = 0;
        problem = format == ImageFormat.Jpeg ? JpegFile.Check(file, out size, out length)
            : PngFile.IsMeant(file) ? PngFile.Check(file, out size, out length)
            : "This is neither a JPEG nor a PNG by its first bytes, whatever its Content-Type is.";
        if (problem is null && (size.Width is < 1 or > FrameSize.LongestSide || size.Height is < 1 or > FrameSize.LongestSide))
        {
            problem = $"The picture has {size.Width} x {size.Height} pixels; allowed are 1 to {FrameSize.LongestSide} on each side.";
        }

        picture = problem is null ? new Picture(format.MediaType, size, length) : null;
        return picture is not null;
    }
}
