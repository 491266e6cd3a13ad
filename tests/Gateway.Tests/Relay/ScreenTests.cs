using Counter.Gateway.Frames;
using Counter.Gateway.Operations;
using Counter.Gateway.Relay;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

/// <summary>In which order watchers are shown what is put on a screen.</summary>
public sealed class ScreenTests : RelayTest
{
    private static readonly Frame[] Frames = [.. Enumerable.Range(0, 3).Select(i => new Frame(Jpeg, new[] { (byte)i }))];

    [Fact]
    public void Who_is_told_late_is_not_shown_something_earlier()
    {
        var screen = new Screen(Frames[0]);
        var stream = new Recorder(Gateway.Clock, Gateway.App.Services.GetRequiredService<CounterMetrics>());
        var watcher = new Watcher(screen, stream);
        screen.Join(watcher);
        var earlier = screen.Put(Frames[1]);
        var later = screen.Put(Frames[2]);
        later.Tell();
        earlier.Tell();
        stream.Resend();
        Assert.Equal([Frames[0], Frames[2], Frames[2]], stream.Written);
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
