using System.Collections.Concurrent;

namespace Counter.Gateway.Frames;

/// <summary>
/// The styles that were requested lately, in two generations as in <see cref="FrameStore{TKey}"/>. A style in use stays, however many
/// others are requested.
/// </summary>
internal sealed class MeasuredStyles(int most)
{
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<CounterStyle, MeasuredStyle> young = [];
    private volatile ConcurrentDictionary<CounterStyle, MeasuredStyle> old = [];

    /// <summary>Finds a measured style; null when it was not requested lately.</summary>
    public MeasuredStyle? Find(CounterStyle style)
    {
        if (young.TryGetValue(style, out var measured))
        {
            return measured;
        }

        return old.TryGetValue(style, out measured) ? Add(style, measured) : null;
    }

    /// <summary>Keeps a measured style, unless an equal style is kept.</summary>
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
