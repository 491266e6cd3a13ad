using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames.Parts;

/// <summary>
/// A frame and the bytes around it, as many streams send them. It is encoded once, as one chunk of a chunked HTTP/1.1 body. The bytes
/// behind the frame can be replaced, by padding or by the end of the body.
/// </summary>
internal sealed class EncodedPart
{
    private readonly byte[] chunk;
    private readonly int start;
    private readonly int lead;

    /// <param name="lead">The frame, with everything that does not depend on the bytes behind it.</param>
    /// <param name="tail">The usual bytes behind it.</param>
    public EncodedPart(CodedBytes lead, CodedBytes tail)
    {
        chunk = MakeChunk(lead.Bytes.Span, tail.Bytes.Span, out start);
        this.lead = lead.Bytes.Length;
        LeadSum = lead.Sum;
        Sum = lead.Sum.Then(tail.Sum);
    }

    /// <summary>The whole part as a chunk.</summary>
    public ReadOnlyMemory<byte> Chunk => chunk;

    /// <summary>The whole part, without the framing of the chunk.</summary>
    public ReadOnlyMemory<byte> Body => chunk.AsMemory(start..^2);

    /// <summary>Its first bytes, without the framing of the chunk.</summary>
    public ReadOnlyMemory<byte> Lead => chunk.AsMemory(start, lead);

    /// <summary>The checksum of <see cref="Body"/>.</summary>
    public Checksum Sum { get; }

    /// <summary>The checksum of <see cref="Lead"/>.</summary>
    public Checksum LeadSum { get; }

    /// <summary>Returns a chunk with other bytes behind the frame. It is rarely needed, so it is not kept.</summary>
    public ReadOnlyMemory<byte> ChunkWith(CodedBytes tail) => MakeChunk(Lead.Span, tail.Bytes.Span, out _);

    private static byte[] MakeChunk(ReadOnlySpan<byte> lead, ReadOnlySpan<byte> tail, out int start)
    {
        var size = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lead.Length + tail.Length:x}\r\n"));
        start = size.Length;
        var chunk = new byte[start + lead.Length + tail.Length + 2];
        size.CopyTo(chunk, 0);
        lead.CopyTo(chunk.AsSpan(start));
        tail.CopyTo(chunk.AsSpan(start + lead.Length));
        "\r\n"u8.CopyTo(chunk.AsSpan(^2..));
        return chunk;
    }
}
