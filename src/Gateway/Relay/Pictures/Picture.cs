using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Relay;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay.Pictures;

/// <summary>What is known of a published picture without decoding it.</summary>
/// <param name="ContentType">What it is, by its bytes.</param>
/// <param name="Size">How large it is, in pixels.</param>
/// <param name="Length">How many bytes of the file are the picture; what follows is shown to nobody.</param>
/// <remarks>
/// The structure is checked to the end of the picture, so that a picture that was cut, or that is no picture at all, never reaches anybody.
/// Pixels are not decoded: a decoder for strangers' bytes is what attackers hope for, it would cost milliseconds for each of 25
/// frames a second, and a browser shows what has a sound structure and a few wrong pixels without harm.
/// </remarks>
internal sealed record Picture(string ContentType, FrameSize Size, int Length)
{
    /// <summary>Makes the picture that all watchers share.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PublishException">It is no sound picture.</exception>
    public static ChannelPicture Check(byte[] file) => TryRead(file, out var picture, out var problem)
        ? picture.Cut(file)
        : throw PublishException.Broken(problem);

    /// <summary>The picture that all watchers share: the file up to the end of the picture.</summary>
    public ChannelPicture Cut(byte[] file) => new(ContentType, Size.Width, Size.Height, Length == file.Length ? file : file[..Length]);

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
        var length = 0;
        problem = format == ImageFormat.Jpeg ? JpegFile.Check(file, out size, out length)
            : PngFile.IsMeant(file) ? PngFile.Check(file, out size, out length)
            : "This is neither a JPEG nor a PNG: its first bytes say so, whatever its Content-Type is.";
        if (problem is null && (size.Width is < 1 or > FrameSize.LongestSide || size.Height is < 1 or > FrameSize.LongestSide))
        {
            problem = $"The picture has {size.Width} x {size.Height} pixels; allowed are 1 to {FrameSize.LongestSide} on each side.";
        }

        picture = problem is null ? new Picture(format.MediaType, size, length) : null;
        return picture is not null;
    }
}
