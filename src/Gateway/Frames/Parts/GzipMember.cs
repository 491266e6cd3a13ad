using System.Buffers;
using System.Buffers.Binary;

namespace Counter.Gateway.Frames.Parts;

/// <summary>The state of a stream's gzip member: the checksum so far. There is no compressor, since parts refer to nothing before them.</summary>
internal struct GzipMember
{
    private uint crc;
    private uint length;

    /// <summary>The header of every member: deflate, no name, no time, no system (RFC 1952).</summary>
    public static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    /// <summary>Adds bytes that were written.</summary>
    public void Add(Checksum part)
    {
        crc = Checksum.Multiply(part.Shift, crc) ^ part.Crc;
        length = unchecked(length + part.Length);
    }

    /// <summary>Writes the trailer, which follows the last block.</summary>
    public readonly void End(IBufferWriter<byte> output)
    {
        var trailer = output.GetSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        output.Advance(8);
    }
}
