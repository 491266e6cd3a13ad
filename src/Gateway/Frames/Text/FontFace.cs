using System.Text;
using HarfBuzzSharp;
using SkiaSharp;
using SkiaSharp.HarfBuzz;
using Buffer = HarfBuzzSharp.Buffer;

namespace Counter.Gateway.Frames.Text;

/// <summary>One font in every size. Its typeface must live as long. Thread-safe.</summary>
internal sealed class FontFace : IDisposable
{
    private const uint Colr = 'C' << 24 | 'O' << 16 | 'L' << 8 | 'R';
    private const uint Cbdt = 'C' << 24 | 'B' << 16 | 'D' << 8 | 'T';
    private const uint Sbix = 's' << 24 | 'b' << 16 | 'i' << 8 | 'x';
    private const uint Svg = 'S' << 24 | 'V' << 16 | 'G' << 8 | ' ';

    private readonly SKTypeface typeface;
    private readonly Face face;
    private readonly Font shaper;

    public FontFace(SKTypeface typeface)
    {
        this.typeface = typeface;
        using (var blob = typeface.OpenStream(out var index).ToHarfBuzzBlob())
        {
            face = new Face(blob, index);
        }

        // The shaper uses the font's own units, so that one serves all sizes.
        shaper = new Font(face);
        shaper.SetScale(face.UnitsPerEm, face.UnitsPerEm);
        shaper.SetFunctionsOpenType();
        face.MakeImmutable();
        HasColors = IsColored(typeface);
    }

    /// <summary>Whether its letters have their own colours.</summary>
    public bool HasColors { get; }

    /// <summary>Whether it has a glyph for a character.</summary>
    public bool Has(Rune rune) => shaper.TryGetNominalGlyph(rune.Value, out _);

    /// <summary>Whether the letters of a font have their own colours.</summary>
    public static bool IsColored(SKTypeface typeface) => typeface.TryGetTableTags(out var tags) && tags.Any(tag => tag is Colr or Cbdt or Sbix or Svg);

    /// <summary>Returns the font in a size. The caller disposes it.</summary>
    public SKFont Sized(int size) => new(typeface, size) { Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.Normal, Subpixel = false };

    /// <summary>Shapes a part of a text that has one direction and one script.</summary>
    /// <param name="text">The whole text: letters join those beside the part.</param>
    /// <param name="part">The part to shape.</param>
    /// <param name="script">The script.</param>
    /// <param name="isRightToLeft">The direction.</param>
    /// <param name="font">This font in a size.</param>
    /// <returns>The letters from left to right. Places are whole pixels, since letters are drawn on those.</returns>
    public ShapedPart Shape(string text, Range part, Script script, bool isRightToLeft, SKFont font)
    {
        using var buffer = new Buffer();
        var (offset, length) = part.GetOffsetAndLength(text.Length);
        buffer.AddUtf16(text, offset, length);
        buffer.Direction = isRightToLeft ? Direction.RightToLeft : Direction.LeftToRight;
        buffer.Script = script;
        buffer.Language = Language.Default;
        shaper.Shape(buffer);

        var infos = buffer.GetGlyphInfoSpan();
        var places = buffer.GetGlyphPositionSpan();
        var glyphs = new ushort[infos.Length];
        for (var i = 0; i < glyphs.Length; i++)
        {
            glyphs[i] = (ushort)infos[i].Codepoint;
        }

        // Hinting changes the widths of letters, so this uses the widths as drawn. The shaper's difference to its nominal width is kerning.
        var widths = new float[glyphs.Length];
        var bounds = new SKRect[glyphs.Length];
        font.GetGlyphWidths(glyphs, widths, bounds, null);
        var points = new SKPoint[glyphs.Length];
        var ink = SKRect.Empty;
        var x = 0f;
        for (var i = 0; i < glyphs.Length; i++)
        {
            points[i] = new SKPoint(x + Pixels(places[i].XOffset), -Pixels(places[i].YOffset));
            bounds[i].Offset(points[i]);
            ink = ink.IsEmpty ? bounds[i] : bounds[i].IsEmpty ? ink : SKRect.Union(ink, bounds[i]);
            var nominal = shaper.GetHorizontalGlyphAdvance(infos[i].Codepoint);
            x += places[i].XAdvance == nominal ? MathF.Round(widths[i]) : Pixels(places[i].XAdvance - nominal) + MathF.Round(widths[i]);
        }

        return new ShapedPart(glyphs, points, x, ink);

        float Pixels(int units) => MathF.Round(units * font.Size / face.UnitsPerEm);
    }

    public void Dispose()
    {
        shaper.Dispose();
        face.Dispose();
    }
}

/// <summary>The shaped letters of one font.</summary>
/// <param name="Glyphs">The letters.</param>
/// <param name="Points">The start of each letter on the baseline, in pixels from the start of the part.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Ink">The area that is drawn.</param>
internal sealed record ShapedPart(ushort[] Glyphs, SKPoint[] Points, float Width, SKRect Ink);
