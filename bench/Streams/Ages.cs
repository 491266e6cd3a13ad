using System.Buffers.Binary;
using System.Diagnostics;

namespace Counter.Streams;

/// <summary>The ages of the numbers that viewers see: the times from a change until its frame has come.</summary>
/// <remarks>
/// A frame is recognised by the end of its picture. A number that was shown twice has the age of its last change, so the numbers should go far
/// up before they go down again.
/// </remarks>
internal sealed class Ages
{
    /// <summary>The length of the end of a picture. That of a PNG has the checksum of its pixels.</summary>
    public const int EndLength = 16;

    private readonly Dictionary<UInt128, int> numbers = [];
    private readonly Dictionary<int, long> changes = [];

    /// <summary>The ages in milliseconds.</summary>
    public List<double> Milliseconds { get; } = [];

    /// <summary>Tells which picture shows a number.</summary>
    public void Know(int number, ReadOnlySpan<byte> picture) => numbers[EndOf(picture)] = number;

    /// <summary>The number changes now.</summary>
    public void Change(int number) => changes[number] = Stopwatch.GetTimestamp();

    /// <summary>A frame has come. Pictures of which only a part is here are left out; there are few.</summary>
    public void Come(ReadOnlySpan<byte> picture)
    {
        if (picture.Length >= EndLength && numbers.TryGetValue(EndOf(picture), out var number) && changes.TryGetValue(number, out var at))
        {
            Milliseconds.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        }
    }

    private static UInt128 EndOf(ReadOnlySpan<byte> picture) => BinaryPrimitives.ReadUInt128BigEndian(picture[^EndLength..]);
}
