using BenchmarkDotNet.Attributes;
using Counter.Gateway.Frames;

namespace Counter.Benchmarks;

/// <summary>Drawing a number, and finding the picture of one that was drawn.</summary>
public class FrameBenchmarks
{
    private readonly CounterStyle png = new(ImageFormat.Png);
    private readonly CounterStyle svg = new(ImageFormat.Svg);
    private readonly CounterStyle badge = new(ImageFormat.Png) { Kind = StyleKind.Badge, Size = 11 };
    private readonly FrameRenderer renderer = new();
    private readonly FrameCache cache;
    private readonly Rgba[] pixels = [.. Enumerable.Range(0, 120 * 20).Select(i => new Rgba(0, 0, 0, (byte)(i % 9 * 31)))];

    public FrameBenchmarks() => cache = new FrameCache(renderer);

    [Benchmark]
    public int Draw_PNG() => renderer.Render(png, new FrameText("users online: 1234")).Image.Length;

    [Benchmark]
    public int Draw_SVG() => renderer.Render(svg, new FrameText("users online: 1234")).Image.Length;

    [Benchmark]
    public int Draw_JPEG() => renderer.Render(png with { Format = ImageFormat.Jpeg }, new FrameText("users online: 1234")).Image.Length;

    [Benchmark]
    public int Draw_badge_PNG() => renderer.Render(badge, new FrameText("users online") { Number = "1234" }).Image.Length;

    [Benchmark]
    public int Draw_badge_SVG() => renderer.Render(badge with { Format = ImageFormat.Svg }, new FrameText("users online") { Number = "1234" }).Image.Length;

    [Benchmark]
    public int Encode_PNG() => PngEncoder.Encode(pixels, new FrameSize(120, 20)).Length;

    [Benchmark]
    public int Find_in_cache() => cache.Get(png, new DisplayedCount(1234)).Image.Length;
}
