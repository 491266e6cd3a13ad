using System.Collections.Concurrent;

namespace Counter.Gateway.Frames;

/// <summary>The frames of a process that show a number or a sentence.</summary>
internal sealed class FrameCache(
    IFrameRenderer renderer, int byteLimit = FrameCache.DefaultByteLimit, ILogger<FrameCache>? log = null)
{
    /// <summary>Room for some tens of thousands of frames of the usual size.</summary>
    public const int DefaultByteLimit = 32 * 1024 * 1024;

    /// <summary>What a frame takes besides its file: its key with texts, and the entries that lead to it.</summary>
    private const int Overhead = 512;

    /// <summary>A notice is a sentence; a longer one is cut.</summary>
    private const int LongestNotice = 160;

    // With the frames that they remember they may take as much again as the frames here.
    private const int MostFitting = 1000;
    private const int LargestRemembered = 16 * 1024;

    private readonly FrameStore<Key> frames = new(key => renderer.Render(key.Look, key.Text, key.Muted), byteLimit, Overhead, log);

    // Looks that were found to fit, and how each is drawn: most requests ask for one of a few. Emptied when it has grown too large.
    private readonly ConcurrentDictionary<Look, Func<Reading, Frame>> fitting = [];

    /// <summary>The frame that shows a number. Cannot fail for a look that <see cref="Problem"/> has nothing against.</summary>
    public Frame Get(Look look, Reading reading) => frames.Get(new Key(look, look.TextFor(reading), !reading.Live));

    /// <summary>What draws a look, the same for all who ask for it: of many who are shown the same number only the first looks for the frame.</summary>
    public Func<Reading, Frame> Drawing(Look look) =>
        fitting.TryGetValue(look, out var drawing) ? drawing : new LastFrame(this, look).Get;

    /// <summary>A sentence as a small picture, for those who would see only a broken image otherwise.</summary>
    public Frame Notice(ImageFormat format, string sentence)
    {
        string text = sentence.Length <= LongestNotice ? sentence : string.Concat(sentence.AsSpan(0, LongestNotice - 1), "…");
        return frames.Get(new Key(new Look(format) { Size = 13, Padding = 4 }, text, Muted: false));
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

        fitting[look] = new LastFrame(this, look).Get;
        return null;
    }

    /// <summary>Remembers the last frame of a look.</summary>
    private sealed class LastFrame(FrameCache frames, Look look)
    {
        private Tuple<Reading, Frame>? last;

        public Frame Get(Reading reading)
        {
            if (last is { } known && known.Item1 == reading)
            {
                return known.Item2;
            }

            var frame = frames.Get(look, reading);
            if (frame.Image.Length <= LargestRemembered)
            {
                last = Tuple.Create(reading, frame);
            }

            return frame;
        }
    }

    private readonly record struct Key(Look Look, string Text, bool Muted);
}
