using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Relay;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The frames that streams of a broadcast get.</summary>
public sealed class BroadcastTests : RelayTest
{
    private static readonly Frame[] Frames = [.. Enumerable.Range(0, 3).Select(i => new Frame(Jpeg, new[] { (byte)i }))];

    [Fact]
    public void A_change_during_a_push_is_pushed_afterwards_and_nothing_older()
    {
        using var broadcast = new Numbers(Gateway.Clock);
        var stream = new Recorder(Gateway.Clock, Gateway.App.Services.GetRequiredService<CounterMetrics>());
        var viewer = new NumberViewer(stream);
        broadcast.Add(viewer);
        broadcast.Show(viewer);

        // While the first is being shown, the second and the third arrive without waiting.
        viewer.WhileDrawing = () =>
        {
            viewer.WhileDrawing = null;
            broadcast.Set(2);
        };
        broadcast.Set(1);
        Gateway.Clock.Advance(TimeSpan.Zero);
        Assert.Equal([Frames[0], Frames[1], Frames[2]], stream.Written);
    }

    [Fact]
    public void An_equal_frame_is_sent_again_only_when_it_is_due()
    {
        using var broadcast = new Numbers(Gateway.Clock);
        var stream = new Recorder(Gateway.Clock, Gateway.App.Services.GetRequiredService<CounterMetrics>());
        var viewer = new NumberViewer(stream);
        broadcast.Add(viewer);
        broadcast.Show(viewer);
        broadcast.Set(0);
        Assert.Equal([Frames[0]], stream.Written);
        viewer.Forget();
        broadcast.Set(0);
        Assert.Equal([Frames[0], Frames[0]], stream.Written);
    }

    [Fact]
    public void A_frame_that_cannot_be_drawn_ends_its_stream_alone()
    {
        using var broadcast = new Numbers(Gateway.Clock);
        var metrics = Gateway.App.Services.GetRequiredService<CounterMetrics>();
        var (broken, sound) = (new Recorder(Gateway.Clock, metrics), new Recorder(Gateway.Clock, metrics));
        broadcast.Add(new NumberViewer(broken) { WhileDrawing = () => throw new InvalidOperationException() });
        broadcast.Add(new NumberViewer(sound));
        broadcast.Set(1);
        Assert.True(broken.Completion.IsCompleted);
        Assert.Equal([Frames[1]], sound.Written);
        Assert.False(sound.Completion.IsCompleted);
    }

    private sealed class Numbers(TimeProvider clock) : Broadcast<int, NumberViewer>(clock, TimeSpan.Zero)
    {
        private int number;

        public override int State => number;

        public void Set(int next)
        {
            number = next;
            Changed();
        }
    }

    private sealed class NumberViewer(LiveStream stream) : Subscriber<int>(stream)
    {
        public Action? WhileDrawing { get; set; }

        public override void End() => End(0);

        protected override Frame Draw(int state)
        {
            WhileDrawing?.Invoke();
            return Frames[state];
        }
    }

    private sealed class Recorder(TimeProvider clock, CounterMetrics metrics) : LiveStream(clock, metrics)
    {
        public List<Frame> Written { get; } = [];

        public override CancellationToken Aborted => CancellationToken.None;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
        {
            Written.Add(frame);
            return ValueTask.FromResult(true);
        }

        protected override void Abort() => throw new InvalidOperationException();
    }
}
