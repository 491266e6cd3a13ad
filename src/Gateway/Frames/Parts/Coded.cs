using System.Buffers;

namespace Counter.Gateway.Frames.Parts;

/// <summary>Some bytes of a body as they are sent.</summary>
/// <param name="Bytes">The bytes, or deflate blocks of them.</param>
/// <param name="Sum">The checksum of what they stand for, where they are compressed.</param>
internal sealed record Coded(ReadOnlyMemory<byte> Bytes, Checksum Sum)
{
    /// <summary>As they are, without a checksum.</summary>
    public static Coded Plain(ReadOnlyMemory<byte> bytes) => new(bytes, Checksum.Empty);

    /// <summary>As stored blocks.</summary>
    public static Coded Stored(ReadOnlySpan<byte> bytes, bool final = false)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 16);
        Deflate.Store(output, bytes, final);
        return new Coded(output.WrittenMemory, Checksum.Of(bytes));
    }

    /// <summary>As compressed blocks.</summary>
    public static Coded Compressed(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Deflate.Compress(output, bytes);
        return new Coded(output.WrittenSpan.ToArray(), Checksum.Of(bytes));
    }

    /// <summary>These and others behind them.</summary>
    public Coded Then(Coded next) => new((byte[])[.. Bytes.Span, .. next.Bytes.Span], Sum.Then(next.Sum));
}
