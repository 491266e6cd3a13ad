using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay.Pictures;

/// <summary>What is known of a published picture without decoding it.</summary>
/// <param name="ContentType">What it is, by its bytes.</param>
/// <param name="Size">How large it is, in pixels.</param>
/// <remarks>
/// The structure is checked to the last byte, so that a picture that was cut, or that is no picture at all, never reaches anybody.
/// Pixels are not decoded: a decoder for strangers' bytes is what attackers hope for, it would cost milliseconds for each of 25
/// frames a second, and a browser shows what has a sound structure and a few wrong pixels without harm.
/// </remarks>
internal sealed record Picture(string ContentType, FrameSize Size)
{
    /// <summary>Makes the frame that all watchers share.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PublishException">It is no sound picture.</exception>
    public static (Frame Frame, FrameSize Size) Check(byte[] file) => TryRead(file, out var picture, out var problem)
        ? (new Frame(picture.ContentType, file), picture.Size)
        : throw PublishException.Broken(problem);

    /// <summary>Reads what a file is.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="picture">What it is.</param>
    /// <param name="problem">Otherwise, what is wrong with it, as a sentence.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out string? problem)
    {
        picture = null;
        var format = JpegFile.IsMeant(file) ? ImageFormat.Jpeg : ImageFormat.Png;
        FrameSize size = default;
        problem = format == ImageFormat.Jpeg ? JpegFile.Check(file, out size)
            : PngFile.IsMeant(file) ? PngFile.Check(file, out size)
            : "This is neither a JPEG nor a PNG: its first bytes say so, whatever its Content-Type is.";
        if (problem is null && (size.Width is < 1 or > FrameSize.LongestSide || size.Height is < 1 or > FrameSize.LongestSide))
        {
            problem = $"The picture has {size.Width} x {size.Height} pixels; allowed are 1 to {FrameSize.LongestSide} on each side.";
        }

        picture = problem is null ? new Picture(format.MediaType, size) : null;
        return picture is not null;
    }
}
