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

    /// <summary>Looks in each of two generations.</summary>
    private const int MostMeasured = 1000;

    private readonly FrameStore<Key> frames = new(key => renderer.Render(key.Style, key.Text), byteLimit, Overhead, log);

    // Most requests ask for one of a few.
    private readonly MeasuredStyles measured = new(MostMeasured);

    /// <summary>The frame that shows a number. Cannot fail for a look that has no problem.</summary>
    public Frame Get(CounterStyle style, DisplayedCount displayed) => frames.Get(KeyOf(style, displayed));

    /// <summary>The same frame, unless it has to be drawn.</summary>
    public Frame? Find(CounterStyle style, DisplayedCount displayed) => frames.Find(KeyOf(style, displayed));

    /// <summary>A sentence as a small picture, for those who would see only a broken image otherwise.</summary>
    public Frame Notice(ImageFormat format, string sentence) => frames.Get(KeyOf(format, sentence));

    /// <summary>The same picture, unless it has to be drawn.</summary>
    public Frame? FindNotice(ImageFormat format, string sentence) =>
        format == ImageFormat.Svg ? Notice(format, sentence) : frames.Find(KeyOf(format, sentence));

    /// <summary>Whether <see cref="Measure"/> answers at once: otherwise it takes as long as drawing, and waits for others who draw.</summary>
    public bool IsMeasured(CounterStyle style) => style is { Format: ImageFormat.Svg, Kind: StyleKind.Text } || measured.Find(style) is not null;

    /// <summary>
    /// What a look needs. It says why the look cannot be used, which is asked before a stream starts, since afterwards there is
    /// nobody to tell.
    /// </summary>
    public MeasuredStyle Measure(CounterStyle style)
    {
        if (measured.Find(style) is { } known)
        {
            return known;
        }

        // The longest number in full, the longest in short (~88.8M), the text for one, and more than most pages will ever see at once.
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
