using System.Diagnostics;

namespace Counter.Gateway.Frames;

/// <summary>
/// Frames, each drawn once however many ask for it at the same time. Bounded by two generations: new
/// frames go into the young one; when it is full it becomes the old one, and what was old and not asked for since is
/// dropped. That keeps what is in use, forgets the rest, and needs no clock.
/// </summary>
/// <typeparam name="TKey">What decides how a frame looks, equal by value.</typeparam>
/// <param name="draw">Draws a frame that is not there.</param>
/// <param name="byteLimit">The most bytes of all frames.</param>
/// <param name="overhead">What a frame takes besides its file: its key, and the entries that lead to it.</param>
/// <param name="log">Is told when drawing fails.</param>
internal sealed partial class FrameStore<TKey>(Func<TKey, Frame> draw, int byteLimit, int overhead, ILogger? log)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private Dictionary<TKey, Lazy<Frame>> young = [];
    private Dictionary<TKey, Lazy<Frame>> old = [];
    private int youngBytes;
    private Action<int>? grown;

    /// <summary>The frame of a key. Throws what drawing throws.</summary>
    public Frame Get(TKey key)
    {
        var entry = EntryOf(key);
        try
        {
            return entry.Value;
        }
        catch (Exception e)
        {
            if (log is not null)
            {
                LogFailed(log, e);
            }

            // The next caller tries again: a Lazy would keep the exception for good.
            lock (gate)
            {
                young.Remove(key);
                old.Remove(key);
            }

            throw;
        }
    }

    /// <summary>The frame of a key; null when it was not drawn yet, or is being drawn.</summary>
    public Frame? Find(TKey key)
    {
        lock (gate)
        {
            return (young.TryGetValue(key, out var entry) || old.TryGetValue(key, out entry)) && entry.IsValueCreated
                ? EntryOf(key).Value
                : null;
        }
    }

    private Lazy<Frame> EntryOf(TKey key)
    {
        lock (gate)
        {
            if (young.TryGetValue(key, out var entry))
            {
                return entry;
            }

            if (!old.Remove(key, out entry))
            {
                entry = new Lazy<Frame>(() => Draw(key));
            }

            young.Add(key, entry);
            if (entry.IsValueCreated)
            {
                Charge(overhead + entry.Value.KeptBytes);
            }

            return entry;
        }
    }

    private Frame Draw(TKey key)
    {
        long start = Stopwatch.GetTimestamp();
        var frame = draw(key);
        RenderTime.Record(Stopwatch.GetElapsedTime(start), frame);
        lock (gate)
        {
            Charge(overhead + frame.KeptBytes);
        }

        frame.Grown = grown ??= Grow;
        return frame;
    }

    /// <summary>A frame that is sent is there more than once: as a file, and in each form in which it goes on the wire.</summary>
    private void Grow(int bytes)
    {
        lock (gate)
        {
            Charge(bytes);
        }
    }

    /// <summary>The caller holds the lock.</summary>
    private void Charge(int bytes)
    {
        youngBytes += bytes;
        if (youngBytes > byteLimit / 2)
        {
            (old, young, youngBytes) = (young, [], 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame could not be drawn.")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
