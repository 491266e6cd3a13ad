using System.IO.Hashing;

namespace Counter.Gateway.Frames.Parts;

/// <summary>The checksum of some bytes for gzip: CRC-32 and length. The checksum of joined parts follows from the checksums of the parts.</summary>
/// <remarks>
/// A CRC-32 is the remainder of a polynomial over GF(2). Appending bytes multiplies what was before by x to the power of their bits. Each
/// part keeps that power, so adding a part is one multiplication, whatever its length (the same as zlib's <c>crc32_combine</c>).
/// </remarks>
/// <param name="Crc">The CRC-32.</param>
/// <param name="Length">The number of bytes, modulo 2^32.</param>
/// <param name="Shift">x^(8 Length) modulo the polynomial, lowest power in the highest bit.</param>
internal readonly record struct Checksum(uint Crc, uint Length, uint Shift)
{
    private const uint Polynomial = 0xEDB88320;
    private const uint One = 1u << 31;

    // x^(2^n), from n = 0.
    private static readonly uint[] Powers = MakePowers();

    /// <summary>The checksum of no bytes.</summary>
    public static Checksum Empty { get; } = new(0, 0, One);

    /// <summary>Computes the checksum of some bytes.</summary>
    public static Checksum Of(ReadOnlySpan<byte> bytes) => new(Crc32.HashToUInt32(bytes), (uint)bytes.Length, ShiftBy((uint)bytes.Length));

    /// <summary>Returns the checksum of these bytes followed by others.</summary>
    public Checksum Then(Checksum next) => new(Multiply(next.Shift, Crc) ^ next.Crc, unchecked(Length + next.Length), Multiply(next.Shift, Shift));

    /// <summary>Multiplies two polynomials. It has no branches, since they would depend on bits that look random.</summary>
    internal static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (var bit = 31; bit >= 0; bit--)
        {
            product ^= b & MaskOf(a >> bit);
            b = b >> 1 ^ Polynomial & MaskOf(b);
        }

        return product;
    }

    /// <summary>All bits where the lowest is set, else none.</summary>
    private static uint MaskOf(uint value) => unchecked(0 - (value & 1));

    private static uint ShiftBy(uint bytes)
    {
        var shift = One;
        for (var power = 3; bytes != 0; bytes >>= 1, power++)
        {
            if ((bytes & 1) != 0)
            {
                // The order of x divides 2^32 - 1, so the powers repeat.
                shift = Multiply(Powers[power & 31], shift);
            }
        }

        return shift;
    }

    private static uint[] MakePowers()
    {
        var powers = new uint[32];
        powers[0] = One >> 1;
        for (var n = 1; n < powers.Length; n++)
        {
            powers[n] = Multiply(powers[n - 1], powers[n - 1]);
        }

        return powers;
    }
}
