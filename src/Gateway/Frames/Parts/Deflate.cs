using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Counter.Gateway.Frames.Parts;

/// <summary>
/// Writes whole deflate blocks (RFC 1951). They end with a whole byte and refer to nothing before them, so they may follow any others.
/// </summary>
internal static class Deflate
{
    private const int LongestStored = ushort.MaxValue;

    /// <summary>Writes stored blocks, for bytes that are compressed already: five more bytes for each 65,535.</summary>
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

    /// <summary>Writes compressed blocks. Each call has its own compressor.</summary>
    public static void Compress(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        using var blocks = new MemoryStream();
        using var deflater = new DeflateStream(blocks, CompressionLevel.Optimal);
        deflater.Write(bytes);

        // The blocks are taken before the stream is closed: closing writes the final block. A flush ends with an empty stored block.
        deflater.Flush();
        output.Write(blocks.GetBuffer().AsSpan(0, (int)blocks.Length));
    }
}
