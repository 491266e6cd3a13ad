using System.Buffers.Binary;
using System.IO.Hashing;

namespace Counter.Gateway.Frames;

/// <summary>A chunk of a PNG file: length, name, data, and the CRC-32 of name and data.</summary>
internal static class PngChunk
{
    public static void Write(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(name, data));
        file.Write(number);
    }

    /// <summary>The CRC-32 of a chunk.</summary>
    public static uint Checksum(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var crc = new Crc32();
        crc.Append(name);
        crc.Append(data);
        return crc.GetCurrentHashAsUInt32();
    }
}
