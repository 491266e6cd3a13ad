using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The next check of a stream.</summary>
public sealed class StreamMaintenanceTests : IDisposable
{
    private readonly ManualTimeProvider clock = new();
    private readonly StreamingOptions options = new();
    private readonly SlowStream stream;
    private readonly Feed feed;

    public StreamMaintenanceTests()
    {
        stream = new SlowStream(clock);
        feed = new Feed(CountKey.ForSite("example.com"), FeedSites.Make("example.com", clock), clock, options);
        feed.Apply(new CountUpdate(feed.Key, 1, 1));
        clock.Advance(options.Pace);
        feed.Join(stream, reading => new Frame($"{reading.Viewers}", default), TimeSpan.Zero);
    }

    public void Dispose() => feed.Dispose();

    [Fact]
    public void An_idle_stream_is_checked_when_its_number_is_due_and_often_enough_to_detect_a_hanging_write()
    {
        Show();
        stream.Written();
        Assert.Equal(options.WriteTimeout, feed.Maintain(options));
        clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(TimeSpan.FromSeconds(7), feed.Maintain(options));
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.InRange(feed.Maintain(options), TimeSpan.MinValue, TimeSpan.Zero);
        Assert.Equal(2, stream.Begun);
    }

    [Fact]
    public void Firefox_gets_its_number_again_in_time_although_a_write_was_under_way()
    {
        stream.RefreshAfter = options.FirefoxRefresh;
        Show();
        Assert.Equal(options.FirefoxRefresh, feed.Maintain(options));
        stream.Written();
        clock.Advance(options.FirefoxRefresh);
        feed.Maintain(options);
        Assert.Equal(2, stream.Begun);
    }

    [Fact]
    public async Task A_hanging_write_is_aborted_exactly_at_its_timeout()
    {
        Show();
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), feed.Maintain(options));
        clock.Advance(TimeSpan.FromSeconds(6));
        feed.Maintain(options);
        await stream.Cut.Task.WaitAsync(TestContext.Current.CancellationToken);
        stream.Written();
        await stream.Completion.WaitAsync(TestContext.Current.CancellationToken);
    }

    private void Show()
    {
        feed.Changed();
        Assert.Equal(1, stream.Begun);
    }

    /// <summary>A stream whose writes end when the test says so.</summary>
    private sealed class SlowStream(TimeProvider clock) : LiveStream(clock, metrics: null)
    {
        private TaskCompletionSource<bool> write = new();

        public TaskCompletionSource Cut { get; } = new();

        public int Begun { get; private set; }

        public TimeSpan? RefreshAfter { get; set; }

        public override CancellationToken Aborted => default;

        public void Written()
        {
            var ended = write;
            write = new TaskCompletionSource<bool>();
            ended.SetResult(true);
        }

        protected override TimeSpan Refresh(StreamingOptions options) => RefreshAfter ?? options.Refresh;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            Begun++;
            return new ValueTask<bool>(write.Task);
        }

        protected override void Abort() => Cut.SetResult();
    }
}
