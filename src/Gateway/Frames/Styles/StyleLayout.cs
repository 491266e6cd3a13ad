using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>Collects the shapes of one counter from left to right, and mirrors them when its label is read from right to left.</summary>
/// <param name="style">The style.</param>
/// <param name="painter">Measures text.</param>
internal sealed class StyleLayout(CounterStyle style, TextPainter painter)
{
    /// <summary>The height of a digit of DejaVu Sans, as a share of the font's size.</summary>
    private const double DigitHeight = 0.729;

    private readonly List<Shape> shapes = [];
    private FrameSize inner;

    public CounterStyle Style => style;

    /// <summary>The shapes, from back to front.</summary>
    public IReadOnlyList<Shape> Shapes => shapes;

    /// <summary>The size with padding.</summary>
    public FrameSize Size => new(inner.Width + (2 * style.Padding), inner.Height + (2 * style.Padding));

    /// <summary>The least width without padding.</summary>
    public int LeastWidth => Math.Max(1, style.MinWidth - (2 * style.Padding));

    /// <summary>Scales a length from the default size of the style to its own, in whole pixels.</summary>
    public int At(int usual) => Math.Max(1, ((usual * style.Size) + (style.Kind.Size / 2)) / style.Kind.Size);

    /// <summary>Returns the width of a text.</summary>
    public int WidthOf(string text) => text.Length == 0 ? 0 : painter.Width(text, style.Font, style.Size);

    /// <summary>Adds a shape. Its place is relative to the inner left corner.</summary>
    public void Add(Shape shape) => shapes.Add(shape);

    /// <summary>Adds a text in the middle between two places, unless it is empty.</summary>
    public void Add(ColorRole role, string text, double left, double right, int height, int cover = 255)
    {
        if (text.Length > 0)
        {
            var baseline = Math.Round((height + (DigitHeight * style.Size)) / 2);
            shapes.Add(new Words(role, text, new Place((left + right) / 2, baseline), style.Size, Anchor.Middle)
            {
                Font = style.Font,
                Width = style.Font is null && TextEstimate.IsExact(text) && text.Length > 1 ? WidthOf(text) : null,
                IsColorful = Emoji.IsIn(text),
                Cover = cover,
            });
        }
    }

    /// <summary>Sets the size, and moves the shapes to their final places.</summary>
    /// <param name="width">The inner width.</param>
    /// <param name="height">The inner height.</param>
    /// <param name="isMirrored">Whether the counter is read from right to left.</param>
    public void End(int width, int height, bool isMirrored)
    {
        inner = new FrameSize(width, height);
        for (var i = 0; i < shapes.Count; i++)
        {
            shapes[i] = Move(shapes[i], isMirrored);
        }
    }

    private Shape Move(Shape shape, bool isMirrored)
    {
        var pad = style.Padding;
        return shape switch
        {
            Box box => box with { X = X(box.X, box.Width), Y = box.Y + pad },
            Pill pill => pill with { X = X(pill.X, pill.Width), Y = pill.Y + pad },
            Dot dot => dot with { Center = At(dot.Center) },
            Words words => words with { At = At(words.At) },
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };

        double X(double x, double width) => pad + (isMirrored ? inner.Width - x - width : x);
        Place At(Place place) => new(X(place.X, 0), place.Y + pad);
    }
}
