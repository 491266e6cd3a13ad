namespace Counter.Counting.History;

/// <summary>
/// Encodes runs of equal steps as bytes: the length of the run and a bit that is set if anything happened, then, if it is set, peak,
/// viewer milliseconds and arrivals. Each is a variable-length number. A quiet night needs two bytes, a busy minute about six.
/// </summary>
internal static class StepRuns
{
    /// <summary>The most bytes of one run.</summary>
    public const int MostBytes = 10 + 5 + 10 + 10;

    /// <summary>Writes one run.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> target, int length, StepSum sum)
    {
        var used = WriteNumber(target, ((ulong)length << 1) | (sum == default ? 0UL : 1UL));
        if (sum != default)
        {
            used += WriteNumber(target[used..], (ulong)sum.Peak);
            used += WriteNumber(target[used..], (ulong)sum.ViewerMilliseconds);
            used += WriteNumber(target[used..], (ulong)sum.Arrivals);
        }

        return used;
    }

    /// <summary>Reads one run and advances <paramref name="source"/> past it.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a run.</exception>
    public static int Read(ref ReadOnlySpan<byte> source, out StepSum sum)
    {
        var head = ReadNumber(ref source, uint.MaxValue);
        sum = (head & 1) == 0 ? default : new StepSum(
            (int)ReadNumber(ref source, int.MaxValue),
            (long)ReadNumber(ref source, long.MaxValue),
            (long)ReadNumber(ref source, long.MaxValue));
        return head >> 1 > 0 ? (int)(head >> 1) : throw new InvalidDataException("A run of the history has no steps.");
    }

    private static int WriteNumber(Span<byte> target, ulong value)
    {
        var used = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[used++] = (byte)((value & 0x7f) | 0x80);
        }

        target[used++] = (byte)value;
        return used;
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> source, ulong most)
    {
        ulong value = 0;
        for (var i = 0; i < source.Length && i < 9; i++)
        {
            value |= (ulong)(source[i] & 0x7f) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return value <= most ? value : throw new InvalidDataException("A number of the history is out of range.");
            }
        }

        throw new InvalidDataException("The history ends within a number.");
    }
}
