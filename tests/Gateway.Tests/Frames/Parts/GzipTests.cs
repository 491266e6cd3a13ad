using System.Buffers;
using System.IO.Compression;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Frames.Parts;

/// <summary>Any parts in any order form one gzip member that inflates to the uncompressed stream.</summary>
public class GzipTests
{
    private static readonly string[] Types = ["image/png", "image/jpeg", "image/svg+xml"];
    private static readonly byte[] Spaces = [.. Enumerable.Repeat((byte)' ', 70_000)];
    private static readonly Padding Padding = new(Spaces.Length);

    // Which format, how large, and whether it is a probe.
    private static readonly Arbitrary<(int Type, int Size, bool Probe)[]> Streams = Gen.ArrayOf(
        from type in Gen.Choose(0, 2)
        from size in Gen.OneOf(Gen.Choose(0, 2000), Gen.Elements(65_519, 65_520, 65_535, 65_536, 200_000))
        from probe in Gen.Elements(true, false)
        select (type, size, probe)).ToArbitrary();

    [Fact]
    public void A_stream_inflates_to_the_uncompressed_bytes_and_padding() => Check.QuickThrowOnFailure(Prop.ForAll(Streams, sent =>
    {
        var (first, last) = (FrameOf(0, 100), FrameOf(2, 300));
        var compressed = new ArrayBufferWriter<byte>();
        var plain = new ArrayBufferWriter<byte>();
        var member = default(GzipMember);
        Add(Multipart.Begin(WireProfile.Gzip, first));
        plain.Write(Multipart.Begin(WireProfile.Browser, new Frame(first.ContentType, default)).Bytes.Span);
        foreach (var (type, size, probe) in sent)
        {
            var frame = FrameOf(type, size);
            var part = Multipart.PartOf(frame, WireProfile.Gzip);
            var known = Multipart.PartOf(frame, WireProfile.Browser);
            plain.Write(known.Lead.Span);
            plain.Write(probe ? Spaces : []);
            plain.Write(known.Body.Span[known.Lead.Length..]);
            if (probe)
            {
                Add(new CodedBytes(part.Lead, part.LeadSum));
                Add(Padding.TailFor(frame));
            }
            else
            {
                Add(new CodedBytes(part.Body, part.Sum));
            }
        }

        var end = Multipart.PartOf(last, WireProfile.Gzip);
        Add(new CodedBytes(end.Lead, end.LeadSum));
        Add(Multipart.End(WireProfile.Gzip));
        member.End(compressed);
        plain.Write([.. last.Image.Span, .. "\r\n--counter-frame--\r\n"u8]);
        Assert.Equal(plain.WrittenSpan.ToArray(), Inflate(compressed.WrittenSpan.ToArray()));

        // The checksum and the length are looked at: a wrong one is noticed.
        foreach (var at in new[] { 8, 4 })
        {
            var wrong = compressed.WrittenSpan.ToArray();
            wrong[^at] ^= 1;
            Assert.Throws<InvalidDataException>(() => Inflate(wrong));
        }

        void Add(CodedBytes bytes)
        {
            compressed.Write(bytes.Bytes.Span);
            member.Add(bytes.Sum);
        }
    }));

    [Fact]
    public void Sent_bytes_can_be_inflated_at_once() => Check.QuickThrowOnFailure(Prop.ForAll(Streams, sent =>
    {
        using var wire = new Wire();
        using var inflated = new GZipStream(wire, CompressionMode.Decompress);
        Pass(Multipart.Begin(WireProfile.Gzip, FrameOf(0, 1)).Bytes, Multipart.Begin(WireProfile.Browser, new Frame("image/png", default)).Bytes.Length);
        foreach (var (type, size, probe) in sent)
        {
            var frame = FrameOf(type, size);
            var part = Multipart.PartOf(frame, WireProfile.Gzip);
            var length = Multipart.PartOf(frame, WireProfile.Browser).Body.Length;
            Pass(probe ? (byte[])[.. part.Lead.Span, .. Padding.TailFor(frame).Bytes.Span] : part.Body, length + (probe ? Spaces.Length : 0));
        }

        void Pass(ReadOnlyMemory<byte> bytes, int length)
        {
            wire.Arrived = bytes;
            inflated.ReadExactly(new byte[length]);
            Assert.Equal(0, wire.Arrived.Length);
        }
    }));

    [Fact]
    public void A_part_equals_a_chunk_with_its_length()
    {
        var frame = FrameOf(0, 3000);
        var part = Multipart.PartOf(frame, WireProfile.Gzip);
        Assert.Equal([.. System.Text.Encoding.ASCII.GetBytes($"{part.Body.Length:x}\r\n"), .. part.Body.Span, .. "\r\n"u8], part.Chunk.ToArray());
        var tail = Padding.TailFor(frame);
        var padded = part.ChunkWith(tail);
        Assert.Equal(
            [.. System.Text.Encoding.ASCII.GetBytes($"{part.Lead.Length + tail.Bytes.Length:x}\r\n"), .. part.Lead.Span, .. tail.Bytes.Span, .. "\r\n"u8],
            padded.ToArray());
        Assert.Same(part, Multipart.PartOf(frame, WireProfile.Gzip));
    }

    [Fact]
    public void Gzip_adds_ten_bytes_to_a_picture_and_padding_a_kilobyte()
    {
        var frame = FrameOf(0, 400);
        Assert.Equal(
            Multipart.PartOf(frame, WireProfile.Browser).Body.Length + 10, Multipart.PartOf(frame, WireProfile.Gzip).Body.Length);
        Assert.InRange(new Padding(new StreamingOptions().ProbeBytes).Spaces.Bytes.Length, 1000, 1300);
    }

    /// <summary>What no compressor makes smaller, and text, which it does.</summary>
    private static Frame FrameOf(int type, int size)
    {
        var image = new byte[size];
        var random = new Random(size);
        random.NextBytes(image);
        if (type == 2)
        {
            random.GetItems("<svg path='0123'/>"u8, image);
        }

        return new Frame(Types[type], image);
    }

    private static byte[] Inflate(byte[] bytes)
    {
        using var inflated = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(inflated);
        return inflated.ToArray();
    }

    /// <summary>A connection: what has arrived can be read, and a further read gets nothing.</summary>
    private sealed class Wire : MemoryStream
    {
        public ReadOnlyMemory<byte> Arrived { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var length = Math.Min(buffer.Length, Arrived.Length);
            Arrived.Span[..length].CopyTo(buffer);
            Arrived = Arrived[length..];
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
