using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The frame that carries a probe, and its confirmation.</summary>
public class ProbeTests
{
    private readonly Recorder stream = new(new ManualTimeProvider());
    private int written;

    [Fact]
    public void It_is_sent_with_the_next_frame_only()
    {
        stream.Probe(Written);
        Offer("a");
        Assert.Equal(0, written);
        stream.EndWrite();
        Assert.Equal(1, written);
        Offer("b");
        stream.EndWrite();
        Assert.Equal(["a padded", "b"], stream.Writes);
        Assert.Equal(1, written);
    }

    [Fact]
    public void It_is_not_part_of_a_write_under_way_but_of_a_newer_pending_frame()
    {
        Offer("a");
        stream.Probe(Written);
        Offer("b");
        Offer("c");
        stream.EndWrite();
        Assert.Equal(["a", "c padded"], stream.Writes);
        Assert.Equal(0, written);
        stream.EndWrite();
        Assert.Equal(1, written);
    }

    [Fact]
    public void Two_pending_probes_are_one_and_both_are_confirmed()
    {
        stream.Probe(Written);
        stream.Probe(Written);
        Offer("a");
        stream.EndWrite();
        Assert.Equal(["a padded"], stream.Writes);
        Assert.Equal(2, written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_last_frame_has_no_probe_and_confirms_none(bool waits)
    {
        if (waits)
        {
            Offer("a");
        }

        stream.Probe(Written);
        stream.End(new Frame("last", default));
        stream.EndWrite();
        stream.EndWrite();
        stream.Probe(Written);
        await stream.Completion.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(waits ? ["a", "last"] : ["last"], stream.Writes);
        Assert.Equal(0, written);
    }

    [Fact]
    public async Task No_probe_is_confirmed_after_the_connection_closed()
    {
        stream.Probe(Written);
        Offer("a");
        stream.Probe(Written);
        stream.EndWrite(alive: false);
        Offer("b");
        await stream.Completion.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["a padded"], stream.Writes);
        Assert.Equal(0, written);
    }

    private void Written() => written++;

    private void Offer(string name) => stream.Offer(new Frame(name, default));

    /// <summary>A stream whose writes end when the test says so.</summary>
    private sealed class Recorder(TimeProvider clock) : LiveStream(clock, metrics: null)
    {
        private TaskCompletionSource<bool> write = new();

        public List<string> Writes { get; } = [];

        public override CancellationToken Aborted => default;

        public void EndWrite(bool alive = true)
        {
            var ended = write;
            write = new TaskCompletionSource<bool>();
            ended.SetResult(alive);
        }

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last) => Record(frame.ContentType);

        protected override ValueTask<bool> WriteProbeAsync(Frame frame) => Record(frame.ContentType + " padded");

        protected override void Abort() => throw new InvalidOperationException();

        private ValueTask<bool> Record(string what)
        {
            Writes.Add(what);
            return new ValueTask<bool>(write.Task);
        }
    }
}
