using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class FrameCacheTests
{
    private static readonly CounterStyle Look = new(ImageFormat.Svg);
    private readonly CountingRenderer renderer = new();

    [Fact]
    public void A_frame_is_drawn_once_and_shared()
    {
        var cache = new FrameCache(renderer);
        Assert.Same(cache.Get(Look, new DisplayedCount(3)), cache.Get(Look with { }, new DisplayedCount(3)));
        Assert.NotSame(cache.Get(Look, new DisplayedCount(3)), cache.Get(Look, new DisplayedCount(4)));
        Assert.NotSame(cache.Get(Look, new DisplayedCount(3)), cache.Get(Look, new DisplayedCount(3, Live: false)));
        Assert.Equal(3, renderer.Drawn);
    }

    [Fact]
    public async Task Concurrent_requests_of_a_frame_wait_for_one_drawing()
    {
        using var gate = new ManualResetEventSlim();
        renderer.Before = gate.Wait;
        var cache = new FrameCache(renderer);
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => cache.Get(Look, new DisplayedCount(3)))).ToList();
        gate.Set();
        var frames = await Task.WhenAll(callers);
        Assert.Single(frames.Distinct());
        Assert.Equal(1, renderer.Drawn);
    }

    [Fact]
    public void Frames_in_use_stay_and_others_are_evicted()
    {
        var cache = new FrameCache(renderer, byteLimit: 64 * 1024);
        var kept = cache.Get(Look, new DisplayedCount(-1));
        for (int n = 0; n < 1000; n++)
        {
            cache.Get(Look, new DisplayedCount(n));
            Assert.Same(kept, cache.Get(Look, new DisplayedCount(-1)));
        }

        int drawn = renderer.Drawn;
        cache.Get(Look, new DisplayedCount(0));
        Assert.Equal(drawn + 1, renderer.Drawn);
    }

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 11)]
    public void Encoded_parts_of_a_frame_count_towards_the_limit(bool sent, int drawings)
    {
        var drawn = 0;
        var frames = new FrameStore<int>(
            n =>
            {
                drawn++;
                return new Frame("image/png", new byte[1000]);
            },
            byteLimit: 20_000,
            overhead: 0,
            log: null);
        for (var n = 0; n < 10; n++)
        {
            var frame = frames.Get(n);
            if (sent)
            {
                Multipart.PartOf(frame, WireProfile.Browser);
                Multipart.PartOf(frame, WireProfile.Gzip);
            }
        }

        frames.Get(0);
        Assert.Equal(drawings, drawn);
    }

    [Fact]
    public void A_frame_that_failed_is_tried_again()
    {
        renderer.Before = () => throw new InvalidOperationException();
        var cache = new FrameCache(renderer);
        Assert.Throws<InvalidOperationException>(() => cache.Get(Look, new DisplayedCount(3)));
        renderer.Before = () => { };
        Assert.NotNull(cache.Get(Look, new DisplayedCount(3)));
    }

    [Fact]
    public void A_notice_is_a_sentence_and_a_long_one_is_cut()
    {
        var cache = new FrameCache(renderer);
        Assert.Equal("Add a site.", Text(cache.Notice(ImageFormat.Png, "Add a site.")));
        Assert.Equal(160, Text(cache.Notice(ImageFormat.Png, new string('x', 5000))).Length);
    }

    [Fact]
    public void A_look_that_may_become_too_large_is_refused_before_its_use()
    {
        var cache = new FrameCache(new SvgRenderer());
        Assert.Null(cache.Measure(Look with { Size = 64, Scale = 4 }).Problem);
        Assert.Null(cache.Measure(Look with { Label = new string('W', 100) }).Problem);
        string? problem = cache.Measure(Look with { Size = 64, Scale = 4, Label = new string('W', 100) }).Problem;
        Assert.Contains("Choose a smaller size", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Looks_in_use_are_not_evicted_by_invented_ones()
    {
        var cache = new FrameCache(renderer);
        var style = Look with { Format = ImageFormat.Png };
        Assert.False(cache.IsMeasured(style));
        var kept = cache.Measure(style);
        for (int i = 0; i < 5000; i++)
        {
            cache.Measure(style with { Label = "Strange " + i });
            Assert.Same(kept, cache.Measure(style));
        }

        Assert.False(cache.IsMeasured(style with { Label = "Strange 0" }));
    }

    [Fact]
    public void A_frame_that_is_not_drawn_yet_is_not_found()
    {
        var cache = new FrameCache(renderer);
        var style = cache.Measure(Look with { Format = ImageFormat.Png });
        Assert.Null(style.Picture.Find(new DisplayedCount(3)));
        Assert.Null(cache.FindNotice(ImageFormat.Png, "Add a site."));
        var drawn = (style.Picture.Draw(new DisplayedCount(3)), cache.Notice(ImageFormat.Png, "Add a site."));
        Assert.Equal(drawn, (style.Picture.Find(new DisplayedCount(3)), cache.FindNotice(ImageFormat.Png, "Add a site.")));
    }

    private static string Text(Frame frame) => Encoding.UTF8.GetString(frame.Image.Span);

    private sealed class CountingRenderer : IFrameRenderer
    {
        private int drawn;

        public int Drawn => drawn;

        public Action Before { get; set; } = () => { };

        public FrameSize Measure(CounterStyle style, FrameText text) => new(1, 1);

        public Frame Render(CounterStyle style, FrameText text)
        {
            Before();
            Interlocked.Increment(ref drawn);
            return new Frame("text/plain", Encoding.UTF8.GetBytes(text.Line));
        }
    }
}
