using HarfBuzzSharp;
using SkiaSharp;

namespace Counter.Gateway.Frames.Text;

/// <summary>One line of shaped text in any scripts.</summary>
internal sealed class TextLine : IDisposable
{
    private readonly List<(SKFont Font, ShapedPart Part, float X)> parts = [];

    /// <param name="fonts">The fonts.</param>
    /// <param name="text">Any text without line breaks.</param>
    /// <param name="family">The family to use where it has the letters.</param>
    /// <param name="size">The size in pixels.</param>
    public TextLine(Fonts fonts, string text, string? family, int size)
    {
        IsRightToLeft = TextEstimate.IsRightToLeft(text);
        var runs = Runs(text, fonts, fonts.Of(family), IsRightToLeft);
        var levels = runs.ConvertAll(run => run.Level).ToArray();
        var ordered = runs.ToArray();
        Bidi.Reorder<Run>(ordered, levels);
        Measure(fonts.Of(family), size);
        var ink = SKRect.Empty;
        foreach (var run in ordered)
        {
            var font = Measure(run.Face, size);
            var part = run.Face.Shape(text, run.From..run.To, run.Script, run.Level % 2 == 1, font);
            parts.Add((font, part, Width));
            var reach = part.Ink;
            reach.Offset(Width, 0);
            ink = ink.IsEmpty ? reach : reach.IsEmpty ? ink : SKRect.Union(ink, reach);
            Width += (int)part.Width;
            HasColors |= run.Face.HasColors;
        }

        Ink = new SKRectI((int)MathF.Floor(ink.Left), (int)MathF.Floor(ink.Top), (int)MathF.Ceiling(ink.Right), (int)MathF.Ceiling(ink.Bottom));
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The pixels of its fonts above the baseline.</summary>
    public int Ascent { get; private set; }

    /// <summary>The pixels of its fonts below the baseline.</summary>
    public int Descent { get; private set; }

    /// <summary>The area that is drawn, relative to its start on the baseline. Slanted letters and stacked accents reach out of the line.</summary>
    public SKRectI Ink { get; }

    /// <summary>Whether it may contain letters with their own colours.</summary>
    public bool HasColors { get; }

    /// <summary>Whether it is read from right to left.</summary>
    public bool IsRightToLeft { get; }

    public void Draw(SKCanvas canvas, float x, float baseline, SKPaint paint)
    {
        using var builder = new SKTextBlobBuilder();
        foreach (var (font, part, from) in parts)
        {
            builder.AddPositionedRun(part.Glyphs, font, Array.ConvertAll(part.Points, point => new SKPoint(point.X + from, point.Y)));
        }

        // A text without letters has no blob.
        using var blob = builder.Build();
        if (blob is not null)
        {
            canvas.DrawText(blob, x, baseline, paint);
        }
    }

    public void Dispose() => parts.ForEach(part => part.Font.Dispose());

    private static List<Run> Runs(string text, Fonts fonts, FontFace wanted, bool isRightToLeft)
    {
        var levels = Bidi.LevelsOf([.. text.EnumerateRunes()], isRightToLeft);
        var runs = new List<Run>();
        var (at, rune) = (0, 0);
        foreach (var letter in Emoji.Letters(text))
        {
            var face = fonts.For(letter, wanted);
            foreach (var character in letter.EnumerateRunes())
            {
                var script = UnicodeFunctions.Default.GetScript(character.Value);
                var run = new Run(at, at += character.Utf16SequenceLength, levels[rune++], script, face);
                if (runs.Count > 0 && runs[^1].TryJoin(run, out var both))
                {
                    runs[^1] = both;
                }
                else
                {
                    runs.Add(run);
                }
            }
        }

        return runs;
    }

    private SKFont Measure(FontFace face, int size)
    {
        var font = face.Sized(size);
        Ascent = Math.Max(Ascent, (int)MathF.Ceiling(-font.Metrics.Ascent));
        Descent = Math.Max(Descent, (int)MathF.Ceiling(font.Metrics.Descent));
        return font;
    }

    /// <summary>Characters of one direction, one script and one font.</summary>
    private readonly record struct Run(int From, int To, byte Level, Script Script, FontFace Face)
    {
        private bool IsOfAnyScript => Script == Script.Common || Script == Script.Inherited || Script == Script.Unknown;

        /// <summary>Joins the next run, if it is of the same kind. Punctuation and marks take the script of the text around them.</summary>
        public bool TryJoin(Run next, out Run both)
        {
            both = this with { To = next.To, Script = IsOfAnyScript ? next.Script : Script };
            return Level == next.Level && Face == next.Face && (Script == next.Script || IsOfAnyScript || next.IsOfAnyScript);
        }
    }
}
