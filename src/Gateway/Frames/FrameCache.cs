namespace Counter.Gateway.Frames;

/// <summary>Caches the frames of numbers and sentences in this process.</summary>
internal sealed class FrameCache(
    IFrameRenderer renderer, int byteLimit = FrameCache.DefaultByteLimit, ILogger<FrameCache>? log = null)
{
    /// <summary>Room for some tens of thousands of frames of the usual size.</summary>
    public const int DefaultByteLimit = 32 * 1024 * 1024;

    /// <summary>The memory of a frame besides its file: its key with texts, and its entries in dictionaries.</summary>
    private const int Overhead = 512;

    /// <summary>A notice is a sentence. A longer one is cut.</summary>
    private const int LongestNotice = 160;

    /// <summary>The styles in each of two generations.</summary>
    private const int MostMeasured = 1000;

    private readonly FrameStore<Key> frames = new(key => renderer.Render(key.Style, key.Text), byteLimit, Overhead, log);

    // Most requests use one of a few styles.
    private readonly MeasuredStyles measured = new(MostMeasured);

    /// <summary>Returns the frame that shows a number. Does not fail for a style without a problem.</summary>
    public Frame Get(CounterStyle style, DisplayedCount displayed) => frames.Get(KeyOf(style, displayed));

    /// <summary>Returns the same frame, or null when it has to be drawn first.</summary>
    public Frame? Find(CounterStyle style, DisplayedCount displayed) => frames.Find(KeyOf(style, displayed));

    /// <summary>Returns a sentence as a small picture, for clients that would otherwise show a broken image.</summary>
    public Frame Notice(ImageFormat format, string sentence) => frames.Get(KeyOf(format, sentence));

    /// <summary>Returns the same picture, or null when it has to be drawn first.</summary>
    public Frame? FindNotice(ImageFormat format, string sentence) =>
        format == ImageFormat.Svg ? Notice(format, sentence) : frames.Find(KeyOf(format, sentence));

    /// <summary>Whether <see cref="Measure"/> answers at once. Otherwise it takes as long as drawing, and waits for other drawings.</summary>
    public bool IsMeasured(CounterStyle style) => style is { Format: ImageFormat.Svg, Kind: StyleKind.Text } || measured.Find(style) is not null;

    /// <summary>
    /// Measures a style. The result says why a style cannot be used. Callers check it before a stream starts, since a stream cannot report
    /// an error.
    /// </summary>
    public MeasuredStyle Measure(CounterStyle style)
    {
        if (measured.Find(style) is { } known)
        {
            return known;
        }

        // The longest number in full, the longest in short (~88.8M), the text for one, and more viewers than most pages ever have at once.
        var sizes = Array.ConvertAll(
            [int.MaxValue, 88_800_000, 1, 88_888], viewers => renderer.Measure(style, FrameText.Of(style, new DisplayedCount(viewers, Live: false))));
        FrameSize[] usual = [.. sizes[2..], .. Array.ConvertAll([0, 1, 888], viewers => renderer.Measure(style, FrameText.Of(style, new DisplayedCount(viewers))))];
        var found = new MeasuredStyle(this, style, FrameSize.Around(sizes), usual);
        return found.Problem is null ? measured.Add(style, found) : found;
    }

    private static Key KeyOf(CounterStyle style, DisplayedCount displayed) => new(style, FrameText.Of(style, displayed));

    private static Key KeyOf(ImageFormat format, string sentence) => new(
        new CounterStyle(format) { Size = 13, Padding = 4 },
        new FrameText(sentence.Length <= LongestNotice ? sentence : string.Concat(sentence.AsSpan(0, LongestNotice - 1), "…")));

    private readonly record struct Key(CounterStyle Style, FrameText Text);
}
