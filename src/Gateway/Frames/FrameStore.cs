using System.Diagnostics;

namespace Counter.Gateway.Frames;

/// <summary>
/// Caches frames. Each is drawn once, however many callers ask for it at the same time. Two generations bound the memory: new frames go
/// into the young one. When it is full it becomes the old one, and old frames that were not used since are dropped. So frames in use stay,
/// and no clock is needed.
/// </summary>
/// <typeparam name="TKey">The key that decides how a frame looks, equal by value.</typeparam>
/// <param name="draw">Draws a frame that is not cached.</param>
/// <param name="byteLimit">The most bytes of all frames.</param>
/// <param name="overhead">The memory of a frame besides its file: its key, and its entries in dictionaries.</param>
/// <param name="log">Logs when drawing fails.</param>
internal sealed partial class FrameStore<TKey>(Func<TKey, Frame> draw, int byteLimit, int overhead, ILogger? log)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private Dictionary<TKey, Lazy<Frame>> young = [];
    private Dictionary<TKey, Lazy<Frame>> old = [];
    private int youngBytes;
    private Action<int>? grown;

    /// <summary>Returns the frame of a key. Throws what drawing throws.</summary>
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

            // The next caller tries again: a Lazy would keep the exception forever.
            lock (gate)
            {
                young.Remove(key);
                old.Remove(key);
            }

            throw;
        }
    }

    /// <summary>Returns the frame of a key; null when it is not drawn yet.</summary>
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

    /// <summary>Charges more bytes of a frame. A frame that is sent is kept as a file, and in each form that is sent.</summary>
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
