namespace Counter.Gateway.Frames;

/// <summary>
/// Draws a text in the middle of a picture of a given size, in lines and letters that fit. The notice replaces a photograph, and the page
/// around it does not move.
/// </summary>
/// <param name="painter">Draws the text.</param>
internal sealed class NoticeRenderer(TextPainter painter)
{
    /// <summary>The most pixels of a notice: those of a 4K screen. A larger one is made smaller in the same shape.</summary>
    private const int MostPixels = 3840 * 2160;

    private const int SmallestLetters = 7;
    private const int LargestLetters = 96;
    private static readonly Rgba Ink = new(0xe6, 0xed, 0xf3);
    private static readonly Rgba Ground = new(0x1f, 0x23, 0x28);

    /// <param name="format">JPEG or PNG. A stream should not change between them.</param>
    /// <param name="text">Any text. What does not fit in the smallest letters is cut at the edge.</param>
    /// <param name="size">The size of the picture.</param>
    public Frame Render(ImageFormat format, string text, FrameSize size)
    {
        size = Bounded(size);
        var pixels = new Rgba[size.Width * size.Height];
        Array.Fill(pixels, Ground);
        Write(painter, CleanText.Of(text), size, pixels);
        return PictureEncoder.Encode(format, pixels, size);
    }

    private static FrameSize Bounded(FrameSize size)
    {
        var times = 1;
        while ((long)(size.Width / times) * (size.Height / times) > MostPixels)
        {
            times++;
        }

        return new FrameSize(Math.Max(1, size.Width / times), Math.Max(1, size.Height / times));
    }

    private static void Write(TextPainter painter, string text, FrameSize size, Rgba[] pixels)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (style, lines) = Fit(painter, words, size);
        var height = lines.Sum(line => painter.Measure(style, line).Height);
        var top = (size.Height - height) / 2;
        foreach (var line in lines)
        {
            if (!painter.Measure(style, line).Fits)
            {
                // A word that is too long to draw. The other lines are still readable.
                continue;
            }

            var (box, ink, _) = painter.Paint(style, line, Ink);
            Place(ink, box, (size.Width - box.Width) / 2, top, pixels, size);
            top += box.Height;
        }
    }

    /// <summary>Returns the largest letters in which the text fits into the middle of the picture, and its lines.</summary>
    private static (CounterStyle Style, List<string> Lines) Fit(TextPainter painter, string[] words, FrameSize size)
    {
        var room = new FrameSize(size.Width * 9 / 10, size.Height * 8 / 10);
        for (var letters = Math.Clamp(size.Height / 12, SmallestLetters, LargestLetters); ; letters = Math.Max(SmallestLetters, letters * 9 / 10))
        {
            var style = new CounterStyle(ImageFormat.Png) { Size = letters };
            var lines = Break(painter, style, words, room.Width);
            var boxes = lines.ConvertAll(line => painter.Measure(style, line));
            if (letters == SmallestLetters || boxes.TrueForAll(box => box.Width <= room.Width) && boxes.Sum(box => box.Height) <= room.Height)
            {
                return (style, lines);
            }
        }
    }

    private static List<string> Break(TextPainter painter, CounterStyle style, string[] words, int width)
    {
        var lines = new List<string>();
        foreach (var word in words)
        {
            if (lines.Count > 0 && $"{lines[^1]} {word}" is var longer && painter.Measure(style, longer).Width <= width)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    /// <summary>Puts premultiplied words over the ground, and cuts off what is outside.</summary>
    private static void Place(uint[] ink, FrameSize box, int left, int top, Rgba[] pixels, FrameSize size)
    {
        for (var y = Math.Max(0, -top); y < Math.Min(box.Height, size.Height - top); y++)
        {
            for (var x = Math.Max(0, -left); x < Math.Min(box.Width, size.Width - left); x++)
            {
                var word = ink[y * box.Width + x];
                var clear = 255 - (word >> 24);
                byte Channel(int shift, byte ground) => (byte)Math.Min(255, (word >> shift & 255) + (clear * ground + 127) / 255);
                pixels[(top + y) * size.Width + left + x] = new Rgba(Channel(16, Ground.R), Channel(8, Ground.G), Channel(0, Ground.B));
            }
        }
    }
}
