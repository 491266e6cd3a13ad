using System.Collections.Concurrent;

namespace Counter.Gateway.Frames;

/// <summary>
/// The styles that were asked for lately, in two generations as in <see cref="FrameStore{TKey}"/>: however many looks strangers
/// make up, what others use stays.
/// </summary>
internal sealed class Styles(int most)
{
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<Look, Style> young = [];
    private volatile ConcurrentDictionary<Look, Style> old = [];

    /// <summary>The style of a look; null when it was not asked for lately.</summary>
    public Style? Find(Look look)
    {
        if (young.TryGetValue(look, out var style))
        {
            return style;
        }

        return old.TryGetValue(look, out style) ? Add(look, style) : null;
    }

    /// <summary>Keeps a style, unless there is one of that look.</summary>
    /// <returns>The one that is kept.</returns>
    public Style Add(Look look, Style style)
    {
        lock (gate)
        {
            if (young.Count >= most)
            {
                (old, young) = (young, []);
            }

            return young.GetOrAdd(look, style);
        }
    }
}
