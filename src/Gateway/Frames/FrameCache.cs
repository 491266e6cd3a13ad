using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Counter.Gateway.Frames;

/// <summary>
/// The frames of a process, each drawn once however many ask for it at the same time. Bounded by two generations: new
/// frames go into the young one; when it is full it becomes the old one, and what was old and not asked for since is
/// dropped. That keeps what is in use, forgets the rest, and needs no clock.
/// </summary>
internal sealed partial class FrameCache(
    IFrameRenderer renderer, int byteLimit = FrameCache.DefaultByteLimit, ILogger<FrameCache>? log = null)
{
    /// <summary>Room for some tens of thousands of frames of the usual size.</summary>
    public const int DefaultByteLimit = 32 * 1024 * 1024;

    /// <summary>What a frame takes besides its file: its key with texts, and the entries that lead to it.</summary>
    private const int Overhead = 512;

    /// <summary>A notice is a sentence; a longer one is cut.</summary>
    private const int LongestNotice = 160;

    private const int MostFitting = 1000;

    private static readonly Meter Meter = new("Counter");
    private static readonly Histogram<double> RenderDuration = Meter.CreateHistogram<double>(
        "counter.frame.render.duration", "s", "Time to draw and encode one frame that was not in the cache.");

    private readonly Lock gate = new();
    private Dictionary<Key, Lazy<Frame>> young = [];
    private Dictionary<Key, Lazy<Frame>> old = [];
    private int youngBytes;

    // Looks that were found to fit: most requests ask for one of a few. Emptied when it has grown too large.
    private readonly ConcurrentDictionary<Look, bool> fitting = [];

    /// <summary>The frame that shows a number. Cannot fail for a look that <see cref="Problem"/> has nothing against.</summary>
    public Frame Get(Look look, Reading reading) => Get(new Key(look, look.TextFor(reading), !reading.Live));

    /// <summary>A sentence as a small picture, for those who would see only a broken image otherwise.</summary>
    public Frame Notice(ImageFormat format, string sentence)
    {
        string text = sentence.Length <= LongestNotice ? sentence : string.Concat(sentence.AsSpan(0, LongestNotice - 1), "…");
        return Get(new Key(new Look(format) { Size = 13, Padding = 4 }, text, Muted: false));
    }

    /// <summary>
    /// Says why a look cannot be used, or null: whatever its number becomes, the picture must fit. Asked before a stream
    /// starts, since afterwards there is nobody to tell.
    /// </summary>
    public string? Problem(Look look)
    {
        if (fitting.ContainsKey(look))
        {
            return null;
        }

        // The longest number in full, the longest in short (~88.8M), and the text for one.
        foreach (int viewers in new[] { int.MaxValue, 88_800_000, 1 })
        {
            var size = renderer.Measure(look, look.TextFor(new Reading(viewers, Live: false)));
            if (!size.Fits)
            {
                return $"The picture could become {size.Width} x {size.Height} pixels; at most {FrameSize.LongestSide} on a "
                    + $"side and {FrameSize.MostPixels} in all are allowed. Choose a smaller size or scale, or a shorter label.";
            }
        }

        if (fitting.Count >= MostFitting)
        {
            fitting.Clear();
        }

        fitting[look] = true;
        return null;
    }

    private Frame Get(Key key)
    {
        var entry = Find(key);
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

    private Lazy<Frame> Find(Key key)
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
                Charge(entry.Value);
            }

            return entry;
        }
    }

    private Frame Draw(Key key)
    {
        long start = Stopwatch.GetTimestamp();
        var frame = renderer.Render(key.Look, key.Text, key.Muted);
        RenderDuration.Record(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            new KeyValuePair<string, object?>("format", frame.ContentType));
        lock (gate)
        {
            Charge(frame);
        }

        return frame;
    }

    /// <summary>The caller holds the lock.</summary>
    private void Charge(Frame frame)
    {
        youngBytes += frame.Image.Length + Overhead;
        if (youngBytes > byteLimit / 2)
        {
            (old, young, youngBytes) = (young, [], 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame could not be drawn.")]
    private static partial void LogFailed(ILogger log, Exception exception);

    private readonly record struct Key(Look Look, string Text, bool Muted);
}
