using System.Globalization;
using System.Text;

namespace Counter.Gateway.Frames.Parts;

/// <summary>
/// A frame and what goes around it, as it is written to many streams: made once, with the framing of one chunk of a chunked HTTP/1.1 body.
/// What comes behind the frame can be exchanged: for padding, or the end of the body.
/// </summary>
internal sealed class EncodedPart
{
    private readonly byte[] chunk;
    private readonly int start;
    private readonly int lead;

    /// <param name="lead">The frame, with all that does not depend on what comes behind it.</param>
    /// <param name="tail">What usually comes behind it.</param>
    public EncodedPart(CodedBytes lead, CodedBytes tail)
    {
        chunk = MakeChunk(lead.Bytes.Span, tail.Bytes.Span, out start);
        this.lead = lead.Bytes.Length;
        LeadSum = lead.Sum;
        Sum = lead.Sum.Then(tail.Sum);
    }

    /// <summary>All of it as a chunk.</summary>
    public ReadOnlyMemory<byte> Chunk => chunk;

    /// <summary>All of it, without framing.</summary>
    public ReadOnlyMemory<byte> Body => chunk.AsMemory(start..^2);

    /// <summary>Its first part, without framing.</summary>
    public ReadOnlyMemory<byte> Lead => chunk.AsMemory(start, lead);

    /// <summary>The checksum of <see cref="Body"/>.</summary>
    public Checksum Sum { get; }

    /// <summary>The checksum of <see cref="Lead"/>.</summary>
    public Checksum LeadSum { get; }

    /// <summary>It with something else behind the frame, as a chunk. Seldom wanted, so it is not kept.</summary>
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
