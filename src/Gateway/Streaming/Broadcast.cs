using Counter.Counting;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>The newest state of something, shown to every stream that looks at it: what is in between is left out.</summary>
/// <typeparam name="TState">What is shown. Equal states look the same.</typeparam>
/// <typeparam name="TSubscriber">A stream that it is shown to.</typeparam>
internal abstract class Broadcast<TState, TSubscriber> : IDisposable
    where TSubscriber : Subscriber<TState>
{
    // A part takes about a millisecond: far more than it costs to hand it to another processor.
    private const int PartSize = 256;

    private static readonly ParallelOptions AllProcessors = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private readonly Coalescer pacing;
    private readonly HashSet<TSubscriber> viewers = [];

    // Held while something is shown, so that nobody sees what is older after what is newer.
    private readonly Lock showing = new();
    private TSubscriber[] pushing = [];

    /// <param name="clock">Tells the time.</param>
    /// <param name="pace">The least time between two pushes.</param>
    protected Broadcast(TimeProvider clock, TimeSpan pace) => pacing = new Coalescer(clock, pace, Push);

    /// <summary>The newest state that is known.</summary>
    public abstract TState State { get; }

    /// <summary>The streams that look.</summary>
    public int Streams
    {
        get
        {
            lock (Gate)
            {
                return viewers.Count;
            }
        }
    }

    /// <summary>Guards who looks, and what a subclass has.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>The streams that look, as they are now.</summary>
    public TSubscriber[] All()
    {
        lock (Gate)
        {
            return [.. viewers];
        }
    }

    /// <summary>Adds a stream. It is shown something with the next push, or by <see cref="Show"/>.</summary>
    public void Add(TSubscriber viewer)
    {
        lock (Gate)
        {
            viewers.Add(viewer);
        }
    }

    /// <summary>Takes a stream out.</summary>
    public void Remove(TSubscriber viewer)
    {
        lock (Gate)
        {
            viewers.Remove(viewer);
        }
    }

    /// <summary>Shows the newest state to one stream now.</summary>
    public void Show(TSubscriber viewer)
    {
        lock (showing)
        {
            viewer.Show(State);
        }
    }

    /// <summary>The state may have changed: what is new is pushed, at once when the last push was long enough ago.</summary>
    public virtual void Changed() => pacing.Trigger();

    /// <summary>Re-sends what was not sent for long and drops what is stuck.</summary>
    /// <returns>For how long there will be nothing to do for those who are here; zero or less when there may be soon.</returns>
    public TimeSpan Maintain(StreamingOptions options)
    {
        var due = false;
        var rests = options.WriteTimeout;
        lock (Gate)
        {
            foreach (var viewer in viewers)
            {
                // Asked first: afterwards the stream may be busy with being cut.
                var rest = viewer.RestsFor(options);
                rests = rest < rests ? rest : rests;
                due |= viewer.Maintain(options);
            }
        }

        if (due)
        {
            Changed();
        }

        return rests;
    }

    public void Dispose() => pacing.Dispose();

    /// <summary>Shows the newest state to all subscribers.</summary>
    protected virtual void Push(ArraySegment<TSubscriber> everybody)
    {
        var state = State;
        ForEach(everybody, subscriber => subscriber.Show(state));
    }

    /// <summary>Calls an action for each subscriber. Where there are many, all processors share them.</summary>
    protected static void ForEach(ArraySegment<TSubscriber> everybody, Action<TSubscriber> act)
    {
        var parts = (everybody.Count + PartSize - 1) / PartSize;
        if (parts <= 1 || Environment.ProcessorCount == 1)
        {
            foreach (var subscriber in everybody)
            {
                act(subscriber);
            }

            return;
        }

        Parallel.For(0, parts, AllProcessors, part =>
        {
            foreach (var subscriber in everybody.AsSpan(part * PartSize, Math.Min(PartSize, everybody.Count - (part * PartSize))))
            {
                act(subscriber);
            }
        });
    }

    /// <summary>Never runs twice at once (the pacing sees to that), so the array is reused from push to push.</summary>
    private void Push()
    {
        int count;
        lock (Gate)
        {
            count = viewers.Count;
            if (pushing.Length < count || pushing.Length > 4 * (count + 16))
            {
                pushing = new TSubscriber[count + count / 2];
            }

            viewers.CopyTo(pushing);
        }

        lock (showing)
        {
            Push(new ArraySegment<TSubscriber>(pushing, 0, count));
        }

        pushing.AsSpan(0, count).Clear();
    }
}
