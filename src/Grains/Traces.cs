using System.Collections.Concurrent;
using System.Diagnostics;

namespace Counter.Grains;

/// <summary>
/// The spans of a change: <c>counter.open</c> in the request, <c>counter.report</c> to the grains, <c>counter.apply</c> at each gateway that
/// receives it, <c>counter.push</c> of the frames. Without a collector no spans are made.
/// </summary>
internal static class Traces
{
    public static readonly ActivitySource Source = new("Counter");

    /// <summary>The current span; null without a collector.</summary>
    public static Activity? Current => Source.HasListeners() ? Activity.Current : null;
}

/// <summary>The spans of the changes that wait for the next message. Safe for concurrent use.</summary>
internal sealed class TracedChanges
{
    // OpenTelemetry's limit of links per span.
    private const int Most = 128;

    private readonly ConcurrentQueue<ActivityContext> waiting = [];

    /// <summary>Adds a change of the current span.</summary>
    public void Add()
    {
        if (Traces.Current is { } cause && waiting.Count < Most)
        {
            waiting.Enqueue(cause.Context);
        }
    }

    /// <summary>Starts the span of a message with the waiting changes: a child of the first change's span, with links to the others.</summary>
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
