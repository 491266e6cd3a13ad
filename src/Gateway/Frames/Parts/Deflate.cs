using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Counter.Gateway.Frames.Parts;

/// <summary>Writes whole deflate blocks (RFC 1951) that end with a whole byte and refer to nothing before them, so that they may follow any others.</summary>
internal static class Deflate
{
    private const int LongestStored = ushort.MaxValue;

    /// <summary>As they are, for what is compressed already: five bytes more for each 65,535.</summary>
    public static void Store(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, bool final = false)
    {
        do
        {
            var length = Math.Min(bytes.Length, LongestStored);
            var header = output.GetSpan(5);
            header[0] = (byte)(final && length == bytes.Length ? 1 : 0);
            BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)(length ^ LongestStored));
            output.Advance(5);
            output.Write(bytes[..length]);
            bytes = bytes[length..];
        }
        while (bytes.Length > 0);
    }

    /// <summary>Compressed, by a compressor of its own.</summary>
    public static void Compress(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        using var blocks = new MemoryStream();
        using var deflater = new DeflateStream(blocks, CompressionLevel.Optimal);
        deflater.Write(bytes);

        // Not closed before they are taken: that would write the last block of all. A flush ends with an empty stored one.
        deflater.Flush();
        output.Write(blocks.GetBuffer().AsSpan(0, (int)blocks.Length));
    }
}
