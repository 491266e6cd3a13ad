using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Very many who join at once.</summary>
public sealed class StormTests : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider clock = new();
    private readonly Feed feed;
    private int number;

    public StormTests() => feed = new Feed(CountKey.ForSite("example.com"), FeedSites.Make("example.com", clock), clock, Pace);

    public void Dispose() => feed.Dispose();

    [Fact]
    public void Who_joins_is_shown_the_number_with_the_next_push_and_who_is_there_gets_it_twice_a_second()
    {
        var first = Join(1)[0];
        Assert.Equal(["1"], first.Shown);
        for (var push = 1; push <= 10; push++)
        {
            var newcomers = Join(1000);
            clock.Advance(Pace);
            Assert.All(newcomers, newcomer => Assert.NotEmpty(newcomer.Shown));
        }

        // At most twice in that second.
        Assert.InRange(first.Shown.Count, 2, 1 + 2);

        // The storm is over.
        clock.Advance(2 * Pace);
        Assert.Equal("10001", first.Shown[^1]);
    }

    [Fact]
    public void A_storm_goes_on_though_pushes_follow_each_other_faster_than_who_joins()
    {
        using var fast = new Feed(CountKey.ForSite("example.com"), FeedSites.Make("example.com", clock), clock, TimeSpan.FromMilliseconds(20));
        var first = Join(fast, 1)[0];
        for (var push = 1; push <= 50; push++)
        {
            Join(fast, 40);
            clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        // Some at the beginning, before it is one; then twice a second.
        Assert.InRange(first.Shown.Count, 2, 1 + 4 + 2);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2001", first.Shown[^1]);
    }

    [Fact]
    public void A_few_who_join_delay_nobodys_number()
    {
        var first = Join(1)[0];
        for (var push = 1; push <= 10; push++)
        {
            clock.Advance(Pace);
            Join(98);
            clock.Advance(Pace);
            Assert.Equal($"{1 + (98 * push)}", first.Shown[^1]);
        }
    }

    private RecordedStream[] Join(int count) => Join(feed, count);

    private RecordedStream[] Join(Feed feed, int count)
    {
        RecordedStream[] streams = [.. Enumerable.Range(0, count).Select(_ => new RecordedStream(clock))];
        foreach (var stream in streams)
        {
            feed.Join(stream, reading => new Frame($"{reading.Viewers}", default), TimeSpan.Zero);
            number++;
        }

        feed.Apply(new CountUpdate(feed.Key, number, number));
        return streams;
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
