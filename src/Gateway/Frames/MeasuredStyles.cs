using System.Collections.Concurrent;

namespace Counter.Gateway.Frames;

/// <summary>
/// The looks that were asked for lately, in two generations as in <see cref="FrameStore{TKey}"/>: however many looks strangers
/// make up, what others use stays.
/// </summary>
internal sealed class MeasuredStyles(int most)
{
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<CounterStyle, MeasuredStyle> young = [];
    private volatile ConcurrentDictionary<CounterStyle, MeasuredStyle> old = [];

    /// <summary>What was measured of a look; null when it was not asked for lately.</summary>
    public MeasuredStyle? Find(CounterStyle style)
    {
        if (young.TryGetValue(style, out var measured))
        {
            return measured;
        }

        return old.TryGetValue(style, out measured) ? Add(style, measured) : null;
    }

    /// <summary>Keeps one, unless there is one of that look.</summary>
    /// <returns>The one that is kept.</returns>
    public MeasuredStyle Add(CounterStyle style, MeasuredStyle measured)
    {
        lock (gate)
        {
            if (young.Count >= most)
            {
                (old, young) = (young, []);
            }

            return young.GetOrAdd(style, measured);
        }
    }
}
