using System.Buffers.Binary;

namespace Counter.Gateway.Frames;

/// <summary>A chunk of a PNG file: length, name, data, and the CRC-32 of name and data.</summary>
internal static class PngChunk
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

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
    public static uint Checksum(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => ~Crc(Crc(uint.MaxValue, name), data);

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 255] ^ crc >> 8;
        }

        return crc;
    }

    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ crc >> 1;
        }

        return crc;
    }
}
