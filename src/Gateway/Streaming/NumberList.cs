using Counter.Counting;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The numbers of a stream that shows several.</summary>
/// <remarks>
/// The first frame has all numbers, as has the last one, and one after a quiet time. Any other has the numbers that changed since the frame
/// before.
/// </remarks>
internal sealed class NumberList : IDisposable
{
    private readonly Func<IReadOnlyList<DisplayedCount?>, Frame> draw;
    private readonly Coalescer pacing;
    private readonly List<ListedNumber> numbers;
    private readonly DisplayedCount?[] known;
    private readonly DisplayedCount?[] shown;
    private readonly Lock gate = new();
    private int unknown;
    private bool isDue;

    /// <param name="count">How many there are.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes a frame of the numbers that it has to show, in the order of <see cref="Join"/>. The others are null.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="pace">The shortest time between two frames.</param>
    public NumberList(int count, LiveStream stream, Func<IReadOnlyList<DisplayedCount?>, Frame> draw, TimeProvider clock, TimeSpan pace)
    {
        (Stream, this.draw, unknown) = (stream, draw, count);
        pacing = new Coalescer(clock, pace, Push);
        numbers = new List<ListedNumber>(count);
        known = new DisplayedCount?[count];
        shown = new DisplayedCount?[count];
    }

    /// <summary>The stream.</summary>
    public LiveStream Stream { get; }

    /// <summary>Adds the next number.</summary>
    public ListedNumber Join(Feed feed)
    {
        var number = new ListedNumber(feed, this, numbers.Count);
        numbers.Add(number);
        feed.Add(number);
        return number;
    }

    /// <summary>Shows a number with the next frame, once all are known.</summary>
    public void Show(int index, DisplayedCount number)
    {
        lock (gate)
        {
            unknown -= known[index] is null ? 1 : 0;
            known[index] = number;
            if (unknown > 0)
            {
                return;
            }
        }

        pacing.Trigger();
    }

    /// <summary>Makes the next frame one of all numbers.</summary>
    public void Renew()
    {
        lock (gate)
        {
            isDue = true;
        }
    }

    /// <summary>Draws the last frame of the stream.</summary>
    public Frame DrawLast()
    {
        // It may end while numbers are still added.
        var last = new DisplayedCount?[known.Length];
        for (var i = 0; i < last.Length && i < numbers.Count; i++)
        {
            last[i] = new DisplayedCount(numbers[i].Feed.Number, Live: false);
        }

        return draw(last);
    }

    public void Dispose() => pacing.Dispose();

    private void Push()
    {
        // A frame that waits is replaced by the next one, and its changes would be lost.
        if (Stream.IsWriting)
        {
            pacing.Trigger();
            return;
        }

        var changed = new DisplayedCount?[known.Length];
        lock (gate)
        {
            for (var i = 0; i < known.Length; i++)
            {
                changed[i] = isDue || known[i] != shown[i] ? known[i] : null;
                shown[i] = known[i];
            }

            isDue = false;
        }

        if (Array.Exists(changed, number => number is not null))
        {
            Stream.Offer(draw(changed));
        }
    }
}
