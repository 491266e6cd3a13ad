using System.Buffers;

namespace Counter.Gateway.Frames.Parts;

/// <summary>Some bytes of a response body as they are sent.</summary>
/// <param name="Bytes">The bytes, or deflate blocks of them.</param>
/// <param name="Sum">The checksum of the bytes before compression; empty when they are not compressed.</param>
internal sealed record CodedBytes(ReadOnlyMemory<byte> Bytes, Checksum Sum)
{
    /// <summary>Returns the bytes as they are, without a checksum.</summary>
    public static CodedBytes Plain(ReadOnlyMemory<byte> bytes) => new(bytes, Checksum.Empty);

    /// <summary>Returns the bytes as stored blocks.</summary>
    public static CodedBytes Stored(ReadOnlySpan<byte> bytes, bool final = false)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 16);
        Deflate.Store(output, bytes, final);
        return new CodedBytes(output.WrittenMemory, Checksum.Of(bytes));
    }

    /// <summary>Returns the bytes as compressed blocks.</summary>
    public static CodedBytes Compressed(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Deflate.Compress(output, bytes);
        return new CodedBytes(output.WrittenSpan.ToArray(), Checksum.Of(bytes));
    }

    /// <summary>Returns these bytes followed by others.</summary>
    public CodedBytes Then(CodedBytes next) => new((byte[])[.. Bytes.Span, .. next.Bytes.Span], Sum.Then(next.Sum));
}
