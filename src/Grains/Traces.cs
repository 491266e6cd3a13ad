using System.Collections.Concurrent;
using System.Diagnostics;

namespace Counter.Grains;

/// <summary>
/// The spans that follow a change: <c>counter.open</c> in the request, <c>counter.report</c> to the grains, <c>counter.apply</c> at each gateway that
/// is told, <c>counter.push</c> of the frames. Without a collector nobody listens, and there are none.
/// </summary>
internal static class Traces
{
    /// <summary>Makes them.</summary>
    public static readonly ActivitySource Source = new("Counter");

    /// <summary>What is being done on this thread, when somebody listens.</summary>
    public static Activity? Current => Source.HasListeners() ? Activity.Current : null;
}

/// <summary>The changes that wait for one message, and go out together. Safe for concurrent use.</summary>
internal sealed class TracedChanges
{
    // As many as OpenTelemetry lets a span have.
    private const int Most = 128;

    private readonly ConcurrentQueue<ActivityContext> waiting = [];

    /// <summary>Something changes in what is being done on this thread.</summary>
    public void Add()
    {
        if (Traces.Current is { } cause && waiting.Count < Most)
        {
            waiting.Enqueue(cause.Context);
        }
    }

    /// <summary>Begins the span of a message with what waits: part of the first change's trace, and linked to the others'.</summary>
    public Activity? Start(string name)
    {
        if (!waiting.TryDequeue(out var first))
        {
            return null;
        }

        var others = new List<ActivityLink>();
        while (others.Count < Most && waiting.TryDequeue(out var other))
        {
            others.Add(new ActivityLink(other));
        }

        return Traces.Source.StartActivity(name, ActivityKind.Producer, first, links: others);
    }
}
