using System.Buffers.Binary;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay.Pictures;

/// <summary>
/// Checks the structure of a JPEG: segments from SOI to EOI, one frame header, and a scan (ITU-T T.81, annex B). Browsers show baseline,
/// extended and progressive JPEGs with eight bits per sample.
/// </summary>
internal static class JpegFile
{
    private const byte Marker = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte Temporary = 0x01;

    /// <summary>Whether the file begins as a JPEG does.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> file) => file is [Marker, StartOfImage, ..];

    /// <summary>Returns the error of a file that begins as a JPEG; null when it is sound.</summary>
    /// <param name="file">The file.</param>
    /// <param name="size">The size in pixels.</param>
    /// <param name="length">The end of the picture. Phones append a second picture (MPF), and cameras the rest of their buffer.</param>
    public static string? Check(ReadOnlySpan<byte> file, out FrameSize size, out int length)
    {
        (size, length) = (default, 0);
        var rest = file[2..];
        var scans = 0;
        while (TryTakeMarker(ref rest, out var marker))
        {
            if (marker == EndOfImage)
            {
                length = file.Length - rest.Length;
                return scans == 0 ? "The JPEG has no picture data (SOS) before its end." : null;
            }

            if (IsAlone(marker))
            {
                continue;
            }

            if (!TryTakeSegment(ref rest, out var segment))
            {
                break;
            }

            var problem = IsFrameHeader(marker) ? ReadFrameHeader(marker, segment, ref size)
                : marker == StartOfScan ? SkipScan(segment, ref rest, size)
                : null;
            if (problem is not null)
            {
                return problem;
            }

            scans += marker == StartOfScan ? 1 : 0;
        }

        return "The JPEG is cut off or damaged: its segments do not lead to its end (EOI).";
    }

    /// <summary>Takes a marker and its optional fill bytes.</summary>
    private static bool TryTakeMarker(ref ReadOnlySpan<byte> rest, out byte marker)
    {
        marker = 0;
        var fill = rest.IndexOfAnyExcept(Marker);
        if (fill < 1)
        {
            return false;
        }

        marker = rest[fill];
        rest = rest[(fill + 1)..];
        return marker != 0;
    }

    private static bool TryTakeSegment(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length) || length < 2 || length > rest.Length)
        {
            return false;
        }

        segment = rest[2..length];
        rest = rest[length..];
        return true;
    }

    private static string? ReadFrameHeader(byte marker, scoped ReadOnlySpan<byte> segment, ref FrameSize size)
    {
        if (size != default)
        {
            return "The JPEG has more than one frame header (SOF).";
        }

        if (marker is not (0xC0 or 0xC1 or 0xC2))
        {
            return "The JPEG is lossless, hierarchical or arithmetic-coded, which browsers do not show. Use baseline or progressive.";
        }

        if (segment.Length < 6 || segment[0] != 8 || segment[5] is not (1 or 3 or 4) || segment.Length != 6 + 3 * segment[5])
        {
            return "The frame header (SOF) of the JPEG is damaged, or it does not have 8 bits per sample and 1, 3 or 4 components.";
        }

        size = new FrameSize(BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]));
        return size.Width == 0 || size.Height == 0 ? "The JPEG has no size." : null;
    }

    private static string? SkipScan(scoped ReadOnlySpan<byte> segment, ref ReadOnlySpan<byte> rest, FrameSize size)
    {
        if (size == default || segment.IsEmpty || segment[0] is 0 or > 4 || segment.Length != 4 + 2 * segment[0])
        {
            return "A scan header (SOS) of the JPEG is damaged, or comes before the frame header (SOF).";
        }

        // In the data a zero or a restart marker follows every FF. Anything else ends the data.
        var length = 0;
        while (true)
        {
            var next = rest[length..].IndexOf(Marker);
            if (next < 0 || length + next + 1 >= rest.Length)
            {
                return "The JPEG is cut off: its picture data has no end (EOI).";
            }

            length += next;
            if (rest[length + 1] is not (0 or >= 0xD0 and <= 0xD7))
            {
                break;
            }

            length += 2;
        }

        rest = rest[length..];
        return length == 0 ? "A scan of the JPEG is empty." : null;
    }

    /// <summary>Whether a marker has no segment.</summary>
    private static bool IsAlone(byte marker) => marker is Temporary or >= 0xD0 and <= 0xD7;

    /// <summary>Whether a marker is SOF0 to SOF15. DHT, JPG and DAC are in between.</summary>
    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
