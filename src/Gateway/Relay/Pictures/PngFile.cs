using System.Buffers.Binary;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Relay.Pictures;

/// <summary>Checks the structure of a PNG: its chunks from IHDR to IEND and their checksums (https://www.w3.org/TR/png-3/).</summary>
internal static class PngFile
{
    private const int AroundData = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether the file begins as a PNG does.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Returns the error of a file that begins as a PNG; null when it is sound.</summary>
    /// <param name="file">The file.</param>
    /// <param name="size">The size in pixels.</param>
    /// <param name="length">The end of the picture.</param>
    public static string? Check(ReadOnlySpan<byte> file, out FrameSize size, out int length)
    {
        (size, length) = (default, 0);
        var rest = file[Signature.Length..];
        bool indexed = false, hasPalette = false, hasData = false;
        for (var first = true; TryTakeChunk(ref rest, out var name, out var data, out var sound); first = false)
        {
            if (!sound)
            {
                return "The PNG is damaged: the checksum of a chunk is wrong.";
            }

            if (first != name.SequenceEqual("IHDR"u8))
            {
                return "The first chunk of a PNG is IHDR, and only the first.";
            }

            if (first)
            {
                if (!TryReadHeader(data, out size))
                {
                    return "The header (IHDR) of the PNG is damaged.";
                }

                indexed = data[9] == 3;
            }

            hasPalette |= name.SequenceEqual("PLTE"u8) && data.Length > 0;
            hasData |= name.SequenceEqual("IDAT"u8) && data.Length > 0;
            if (name.SequenceEqual("IEND"u8))
            {
                length = file.Length - rest.Length;
                return !hasData ? "The PNG has no picture data (IDAT)."
                    : indexed && !hasPalette ? "The PNG has no palette (PLTE) although its pixels refer to one."
                    : data.Length > 0 ? "The end (IEND) of the PNG is damaged."
                    : null;
            }
        }

        return "The PNG is cut off: its chunks do not lead to its end (IEND).";
    }

    private static bool TryTakeChunk(
        ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> data, out bool sound)
    {
        name = data = default;
        sound = false;
        if (!BinaryPrimitives.TryReadUInt32BigEndian(rest, out var length) || (long)length + AroundData > rest.Length)
        {
            return false;
        }

        name = rest.Slice(4, 4);
        data = rest.Slice(8, (int)length);
        sound = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]) == PngChunk.Checksum(name, data);
        rest = rest[((int)length + AroundData)..];
        return true;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> header, out FrameSize size)
    {
        size = default;
        if (header.Length != 13
            || !BinaryPrimitives.TryReadInt32BigEndian(header, out var width) || width < 1
            || !BinaryPrimitives.TryReadInt32BigEndian(header[4..], out var height) || height < 1)
        {
            return false;
        }

        size = new FrameSize(width, height);
        var (depth, color, method, filter, interlace) = (header[8], header[9], header[10], header[11], header[12]);
        return method == 0 && filter == 0 && interlace <= 1 && (color, depth) is
            (0, 1 or 2 or 4 or 8 or 16) or (2, 8 or 16) or (3, 1 or 2 or 4 or 8) or (4, 8 or 16) or (6, 8 or 16);
    }
}
