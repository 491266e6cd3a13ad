using System.Buffers;
using System.Buffers.Binary;

namespace Counter.Gateway.Frames.Parts;

/// <summary>What a stream knows of its gzip member: the checksum so far. No compressor is kept, since parts refer to nothing before them.</summary>
internal struct GzipMember
{
    private uint crc;
    private uint length;

    /// <summary>What every member begins with: deflate, no name, no time, no system (RFC 1952).</summary>
    public static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    /// <summary>Something was written.</summary>
    public void Add(Checksum part)
    {
        crc = Checksum.Multiply(part.Shift, crc) ^ part.Crc;
        length = unchecked(length + part.Length);
    }

    /// <summary>Writes what comes behind the last block.</summary>
    public readonly void End(IBufferWriter<byte> output)
    {
        var trailer = output.GetSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        output.Advance(8);
    }
}
