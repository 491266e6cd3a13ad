using System.Collections.Concurrent;
using System.Text;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>Draws nothing but text, and holds up some of it until it may go on.</summary>
internal sealed class SlowRenderer : IFrameRenderer, IDisposable
{
    private readonly ManualResetEventSlim mayGoOn = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What has this in it is held up.</summary>
    public string Slow { get; init; } = "slow";

    /// <summary>Ends when something slow is being drawn.</summary>
    public Task Begun => begun.Task;

    /// <summary>What was drawn.</summary>
    public ConcurrentQueue<string> Drawn { get; } = [];

    public FrameSize Measure(CounterStyle style, FrameText text) => text.Line.Contains("large", StringComparison.Ordinal) ? new(1000, 1000) : new(10, 10);

    public Frame Render(CounterStyle style, FrameText frame)
    {
        var text = frame.Line;
        if (text.Contains(Slow, StringComparison.Ordinal))
        {
            begun.TrySetResult();
            mayGoOn.Wait();
        }

        Drawn.Enqueue(text);
        return new Frame("image/png", Encoding.UTF8.GetBytes(text));
    }

    public void GoOn() => mayGoOn.Set();

    public void Dispose()
    {
        GoOn();
        mayGoOn.Dispose();
    }
}
