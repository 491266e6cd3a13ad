using BenchmarkDotNet.Attributes;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;

namespace Counter.Benchmarks;

/// <summary>Making a frame's bytes for the wire, once for everybody, and what a compressed stream costs for each frame and each probe.</summary>
public class WireBenchmarks
{
    private readonly Padding padding = new(new StreamingOptions().ProbeBytes);
    private readonly Frame png;
    private readonly Frame svg;
    private readonly EncodedPart part;
    private GzipMember member;

    public WireBenchmarks()
    {
        var renderer = new FrameRenderer();
        png = renderer.Render(new CounterStyle(ImageFormat.Png), new FrameText("users online: 1234"));
        svg = renderer.Render(new CounterStyle(ImageFormat.Svg), new FrameText("users online: 1234"));
        part = Multipart.PartOf(png, WireProfile.Gzip);
    }

    [Benchmark]
    public int Encode_PNG() => Multipart.PartOf(new Frame(png.ContentType, png.Image), WireProfile.Browser).Chunk.Length;

    [Benchmark]
    public int Encode_PNG_as_gzip() => Multipart.PartOf(new Frame(png.ContentType, png.Image), WireProfile.Gzip).Chunk.Length;

    [Benchmark]
    public int Encode_SVG_as_gzip() => Multipart.PartOf(new Frame(svg.ContentType, svg.Image), WireProfile.Gzip).Chunk.Length;

    [Benchmark]
    public void Add_a_part_to_the_checksum() => member.Add(part.Sum);

    [Benchmark]
    public int Pad_a_part() => part.ChunkWith(padding.TailFor(png)).Length;
}
