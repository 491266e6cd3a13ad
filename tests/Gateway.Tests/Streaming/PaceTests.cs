using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The pace of a number by the number of its streams.</summary>
public sealed class PaceTests : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider clock = new();
    private readonly Feed feed;
    private int number;

    public PaceTests() => feed = Make(new StreamingOptions());

    public void Dispose() => feed.Dispose();

    [Theory]
    [InlineData(1, 100)]
    [InlineData(500, 100)]
    [InlineData(501, 200)]
    [InlineData(1_000, 200)]
    [InlineData(1_001, 300)]
    [InlineData(1_501, 400)]
    [InlineData(2_000, 400)]
    [InlineData(2_001, 500)]
    [InlineData(19_000, 500)]
    [InlineData(19_000, 100, 10, 0)]
    [InlineData(19_000, 1_000, 1, 5_000)]
    [InlineData(19_000, 500, 60, 5_000, 17)]
    [InlineData(400, 200, 10, 2_000)]
    public void The_pace_depends_on_the_number_of_streams(int streams, int milliseconds, int framesPerSecond = 10, int toAll = 5_000, int tolerance = 0)
    {
        var pace = new StreamingOptions { FramesPerSecond = framesPerSecond, FramesPerSecondToAll = toAll }.PaceFor(streams);
        Assert.InRange(pace.TotalMilliseconds, milliseconds - tolerance, milliseconds);
    }

    [Fact]
    public void A_new_stream_gets_the_next_push_and_others_keep_the_pace_of_many_streams()
    {
        var first = Join(1)[0];
        Assert.Equal(["1"], first.Shown);
        Join(2_000);
        clock.Advance(5 * Pace);
        var before = first.Shown.Count;
        for (var push = 1; push <= 20; push++)
        {
            var newcomers = Join(10);
            clock.Advance(Pace);
            Assert.All(newcomers, newcomer => Assert.Equal($"{number}", newcomer.Shown[0]));
        }

        // Two seconds.
        Assert.Equal(4, first.Shown.Count - before);
        clock.Advance(5 * Pace);
        Assert.Equal("2201", first.Shown[^1]);
    }

    [Fact]
    public void The_first_change_after_a_pause_is_sent_to_all_at_once_and_the_last_one_always()
    {
        var crowd = Join(2_000);
        clock.Advance(10 * Pace);
        Assert.All(crowd, stream => Assert.Equal("2000", stream.Shown[^1]));
        Change(2_001);
        Assert.All(crowd, stream => Assert.Equal("2001", stream.Shown[^1]));
        Change(2_002);
        clock.Advance(3 * Pace);
        Assert.All(crowd, stream => Assert.Equal("2001", stream.Shown[^1]));
        clock.Advance(Pace);
        Assert.All(crowd, stream => Assert.Equal("2002", stream.Shown[^1]));
    }

    [Fact]
    public void Every_one_of_many_streams_gets_each_push_once()
    {
        var crowd = Join(5_000);
        clock.Advance(10 * Pace);
        for (var n = 6_000; n < 6_010; n++)
        {
            Change(n);
            clock.Advance(5 * Pace);
        }

        Assert.All(crowd, stream => Assert.Equal(Enumerable.Range(6_000, 10).Select(n => $"{n}"), stream.Shown.TakeLast(10)));
        Assert.All(crowd, stream => Assert.Equal(stream.Shown.Distinct(), stream.Shown));
    }

    [Fact]
    public void A_few_hundred_streams_get_every_number()
    {
        var first = Join(1)[0];
        for (var push = 1; push <= 5; push++)
        {
            clock.Advance(Pace);
            Join(98);
            clock.Advance(Pace);
            Assert.Equal($"{1 + (98 * push)}", first.Shown[^1]);
        }
    }

    private Feed Make(StreamingOptions options) => new(CountKey.ForSite("example.com"), FeedSites.Make("example.com", clock), clock, options);

    private RecordedStream[] Join(int count)
    {
        RecordedStream[] streams = [.. Enumerable.Range(0, count).Select(_ => new RecordedStream(clock))];
        foreach (var stream in streams)
        {
            feed.Join(stream, displayed => new Frame($"{displayed.Viewers}", default), TimeSpan.Zero);
        }

        Change(number + count);
        return streams;
    }

    private void Change(int viewers)
    {
        number = viewers;
        feed.Apply(new CountUpdate(feed.Key, viewers, viewers));
    }

    private sealed class RecordedStream(TimeProvider clock) : LiveStream(clock, metrics: null)
    {
        public List<string> Shown { get; } = [];

        public override CancellationToken Aborted => default;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            Shown.Add(frame.ContentType);
            return new ValueTask<bool>(true);
        }

        protected override void Abort()
        {
        }
    }
}
