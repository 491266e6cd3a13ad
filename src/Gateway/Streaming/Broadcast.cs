using Counter.Counting;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>Shows the newest state of something to all its subscribers. States in between are skipped.</summary>
/// <typeparam name="TState">The state. Equal states look the same.</typeparam>
/// <typeparam name="TSubscriber">The type of the subscribers.</typeparam>
internal abstract class Broadcast<TState, TSubscriber> : IDisposable
    where TSubscriber : Subscriber<TState>
{
    // A part takes about a millisecond: far more than it costs to hand it to another processor.
    private const int PartSize = 256;

    private static readonly ParallelOptions AllProcessors = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private readonly Coalescer pacing;
    private readonly HashSet<TSubscriber> viewers = [];

    // Held while a state is shown, so that no stream gets an older state after a newer one.
    private readonly Lock showing = new();
    private TSubscriber[] pushing = [];

    /// <param name="clock">The clock.</param>
    /// <param name="pace">The shortest time between two pushes.</param>
    protected Broadcast(TimeProvider clock, TimeSpan pace) => pacing = new Coalescer(clock, pace, Push);

    /// <summary>The newest known state.</summary>
    public abstract TState State { get; }

    /// <summary>The number of subscribers.</summary>
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

    /// <summary>Guards the subscribers and the state of subclasses.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>A snapshot of the subscribers.</summary>
    public TSubscriber[] All()
    {
        lock (Gate)
        {
            return [.. viewers];
        }
    }

    /// <summary>Adds a subscriber. The next push, or <see cref="Show"/>, gives it its first frame.</summary>
    public void Add(TSubscriber viewer)
    {
        lock (Gate)
        {
            viewers.Add(viewer);
        }
    }

    /// <summary>Removes a subscriber.</summary>
    public void Remove(TSubscriber viewer)
    {
        lock (Gate)
        {
            viewers.Remove(viewer);
        }
    }

    /// <summary>Shows the newest state to one subscriber now.</summary>
    public void Show(TSubscriber viewer)
    {
        lock (showing)
        {
            viewer.Show(State);
        }
    }

    /// <summary>Pushes the state, which may have changed. The push is immediate when the last one was long enough ago.</summary>
    public virtual void Changed() => pacing.Trigger();

    /// <summary>Re-sends frames that are due again and drops stuck streams.</summary>
    /// <returns>The time for which the current subscribers need no maintenance. Zero or less when some may be due soon.</returns>
    public TimeSpan Maintain(StreamingOptions options)
    {
        var due = false;
        var rests = options.WriteTimeout;
        lock (Gate)
        {
            foreach (var viewer in viewers)
            {
                // Read first: after Maintain, an abort of the stream may hold its lock.
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

    /// <summary>Calls an action for each subscriber, and then sends what that has written. Where there are many, all processors share them.</summary>
    protected static void ForEach(ArraySegment<TSubscriber> everybody, Action<TSubscriber> act)
    {
        var parts = (everybody.Count + PartSize - 1) / PartSize;
        if (parts <= 1 || Environment.ProcessorCount == 1)
        {
            for (var part = 0; part < parts; part++)
            {
                ActOn(part);
            }

            return;
        }

        Parallel.For(0, parts, AllProcessors, ActOn);

        void ActOn(int part)
        {
            using var batch = SendBatch.Begin();
            foreach (var subscriber in everybody.AsSpan(part * PartSize, Math.Min(PartSize, everybody.Count - (part * PartSize))))
            {
                act(subscriber);
            }
        }
    }

    /// <summary>Pushes to all subscribers. The coalescer never runs it twice at once, so the array is reused.</summary>
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
