using System.Diagnostics.Metrics;

namespace Counter.Gateway.Frames;

/// <summary>Records how long drawing takes, for any kind of frame.</summary>
internal static class RenderTime
{
    private static readonly Histogram<double> Duration = new Meter("Counter").CreateHistogram<double>(
        "counter.frame.render.duration", "s", "Time to draw and encode one frame that was not in the cache.");

    public static void Record(TimeSpan took, Frame frame) =>
        Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("format", frame.ContentType));
}
