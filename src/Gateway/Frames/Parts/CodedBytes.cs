using System.Buffers;

namespace Counter.Gateway.Frames.Parts;

/// <summary>Some bytes of a body as they are sent.</summary>
/// <param name="Bytes">The bytes, or deflate blocks of them.</param>
/// <param name="Sum">The checksum of what they stand for, where they are compressed.</param>
internal sealed record CodedBytes(ReadOnlyMemory<byte> Bytes, Checksum Sum)
{
    /// <summary>As they are, without a checksum.</summary>
    public static CodedBytes Plain(ReadOnlyMemory<byte> bytes) => new(bytes, Checksum.Empty);

    /// <summary>As stored blocks.</summary>
    public static CodedBytes Stored(ReadOnlySpan<byte> bytes, bool final = false)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 16);
        Deflate.Store(output, bytes, final);
        return new CodedBytes(output.WrittenMemory, Checksum.Of(bytes));
    }

    /// <summary>As compressed blocks.</summary>
    public static CodedBytes Compressed(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Deflate.Compress(output, bytes);
        return new CodedBytes(output.WrittenSpan.ToArray(), Checksum.Of(bytes));
    }

    /// <summary>These and others behind them.</summary>
    public CodedBytes Then(CodedBytes next) => new((byte[])[.. Bytes.Span, .. next.Bytes.Span], Sum.Then(next.Sum));
}
