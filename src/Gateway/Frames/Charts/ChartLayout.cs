using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Charts;

/// <summary>
/// Places everything in a chart: the header, a few gridlines at round numbers, the curves, the peak and the newest value. Both formats are
/// made from the result, so they cannot differ.
/// </summary>
internal sealed class ChartLayout
{
    private const double LineWidth = 1.75;
    private const double DenseLineWidth = 1.25;
    private const int AreaCover = 44;
    private const int LayerCover = 190;

    private readonly Chart chart;
    private readonly ChartStyle style;
    private readonly ChartType type;
    private readonly DateTimeOffset to;
    private readonly IReadOnlyList<ChartSeries> series;
    private readonly ValueAxis axis;
    private readonly double left;
    private readonly double right;
    private readonly double top;
    private readonly double bottom;

    private ChartLayout(Chart chart, ChartStyle style)
    {
        (this.chart, this.style, type) = (chart, style, ChartType.For(style));
        to = chart.To - chart.From < TimeSpan.FromSeconds(1) ? chart.From.AddSeconds(1) : chart.To;
        series = chart.Stacked ? Stack(chart.Series) : chart.Series;
        Padding = style.Background.A > 0 ? 10 : 3;
        top = Padding + type.Value + (type.Value / 3) + 4;
        bottom = style.Height - Padding - (HasTimes ? type.Axis + 7 : 2);

        // Leaves room above the peak for its number. There is a gridline for every 28 pixels of height, within limits.
        var height = bottom - top;
        var lines = Math.Clamp((int)(height / 28), 2, 5);
        axis = chart.Maximum is > 0 and var fixedTop && double.IsFinite(fixedTop)
            ? ValueAxis.WithTop(fixedTop, lines, chart.LeastStep)
            : ValueAxis.Fitting(Most(), (type.Axis + 8) / height, lines, chart.LeastStep);
        left = Math.Ceiling(Padding + axis.Lines.Max(value => ChartType.Width(chart.Write(value), type.Axis)) + 7);
        right = style.Width - Padding - 5;
    }

    private int Padding { get; }

    /// <summary>Whether the time axis has labels. A low chart leaves their height to the curve.</summary>
    private bool HasTimes => style.Height >= 96;

    /// <summary>Returns all shapes, from back to front, in CSS pixels.</summary>
    public static IReadOnlyList<Shape> Draw(Chart chart, ChartStyle style)
    {
        var shapes = new ChartLayout(chart, style).Shapes().Where(shape => shape is not Words { Text: "" });
        return [.. chart.Live ? shapes : shapes.Select(shape => shape with { Cover = shape.Cover / 2 })];
    }

    private IEnumerable<Shape> Shapes()
    {
        var curve = new ChartCurve(chart.From, to, At);
        var curves = series.Select(one => curve.Pieces(one.Points)).ToList();
        var fills = chart.Stacked ? Layers(curves) : series.Count == 1 ? Under(curves[0]) : [];
        return [
            .. fills,
            .. Grid(),
            .. chart.Stacked ? [] : curves.SelectMany((pieces, i) => Lines(series[i].Role, pieces)),
            .. series.Count == 1 ? Marks(series[0], curves[0]) : [],
            .. curves.TrueForAll(pieces => pieces.Count == 0) ? [Nothing()] : Array.Empty<Shape>(),
            .. ChartHeader.Draw(chart, style, type, Padding, style.Width - Padding, Padding + type.Value)];
    }

    private IEnumerable<Shape> Grid()
    {
        var labels = new List<Shape>();
        foreach (var value in axis.Lines)
        {
            // Whole pixels: between two pixels the line would be blurred.
            var y = Math.Round(Y(value));
            yield return new Box(ColorRole.Grid, left, y, right - left + 5, 1) { Cover = value == 0 ? 255 : 170 };
            labels.Add(new Words(ColorRole.Muted, chart.Write(value), new Place(left - 6, y + (type.Axis * 0.36)), type.Axis, Anchor.End));
        }

        if (HasTimes)
        {
            foreach (var (time, label) in TimeAxis.Ticks(chart.From, to, right - left))
            {
                var x = Math.Round(At(time, 0).X);
                var half = ChartType.Width(label, type.Axis) / 2;
                if (x - half >= 0 && x + half <= style.Width)
                {
                    yield return new Box(ColorRole.Grid, x, bottom + 1, 1, 4);
                    labels.Add(new Words(ColorRole.Muted, label, new Place(x, style.Height - Padding - 1), type.Axis, Anchor.Middle));
                }
            }
        }

        foreach (var label in labels)
        {
            yield return label;
        }
    }

    private IEnumerable<Shape> Under(List<List<Place>> pieces) =>
        pieces.Where(piece => piece.Count > 1).Select(ChartCurve.Thin).Select(piece => new Area(
            series[0].Role, [new Place(piece[0].X, bottom), .. piece, new Place(piece[^1].X, bottom)], IsRough: true)
        { Cover = AreaCover });

    private IEnumerable<Shape> Layers(List<List<List<Place>>> curves)
    {
        for (var i = 0; i < curves.Count; i++)
        {
            foreach (var (piece, upper) in curves[i].Index())
            {
                IEnumerable<Place> lower = i > 0 ? curves[i - 1][piece] : [upper[0] with { Y = bottom }, upper[^1] with { Y = bottom }];
                yield return new Area(series[i].Role, [.. upper, .. lower.Reverse()]) { Cover = LayerCover };
            }
        }
    }

    /// <summary>Draws the lines. A line with ups and downs every few pixels is thinner, or its strokes would merge.</summary>
    private static IEnumerable<Shape> Lines(ColorRole role, List<List<Place>> pieces) => pieces.Select<List<Place>, Shape>(piece =>
    {
        var isDense = piece.Count > 8 && piece[^1].X - piece[0].X < 2.5 * piece.Count;
        return piece.Count > 1
            ? new Line(role, ChartCurve.Thin(piece), isDense ? DenseLineWidth : LineWidth)
            : new Dot(role, piece[0], LineWidth);
    });

    /// <summary>Marks the newest value with a dot. Marks the peak with a ring and its number, unless it is the newest value.</summary>
    private IEnumerable<Shape> Marks(ChartSeries one, List<List<Place>> pieces)
    {
        if (pieces.Count == 0)
        {
            yield break;
        }

        var newest = pieces[^1][^1];
        if (one.Current is not null)
        {
            yield return new Dot(one.Role, newest, 3);
        }

        var peak = pieces.SelectMany(piece => piece).MinBy(place => place.Y);
        var value = Most();
        if (value > 0 && (newest.Y > peak.Y + 0.5 || newest.X > peak.X + 12))
        {
            var label = chart.Write(value);
            var half = ChartType.Width(label, type.Axis) / 2;
            var above = peak.Y - 6 >= top - 8;
            var x = Math.Clamp(above ? peak.X : peak.X + half + 7, left + half, right - half);
            yield return new Dot(one.Role, peak, 2.5, 1.25);
            yield return new Words(ColorRole.Text, label, new Place(x, above ? peak.Y - 6 : peak.Y + type.Axis), type.Axis, Anchor.Middle);
        }
    }

    private Words Nothing() =>
        new(ColorRole.Muted, "no data yet", new Place((left + right) / 2, ((top + bottom) / 2) + (type.Title * 0.36)), type.Title, Anchor.Middle);

    private double Most() => series.SelectMany(one => one.Points)
        .Where(point => point.Time >= chart.From && point.Time <= to).Max(point => point.Shown) ?? 0;

    private Place At(DateTimeOffset time, double value) => new(left + ((right - left) * ((time - chart.From) / (to - chart.From))), Y(value));

    private double Y(double value) => bottom - ((bottom - top) * Math.Min(1, value / axis.Top));

    /// <summary>Sums the values from the first series up. A gap in one series is a gap in all, so that layers stay together.</summary>
    private static ChartSeries[] Stack(IReadOnlyList<ChartSeries> layers)
    {
        var length = layers.Count == 0 ? 0 : layers.Min(layer => layer.Points.Count);
        var sums = new double?[length];
        for (var i = 0; i < length; i++)
        {
            sums[i] = layers.All(layer => layer.Points[i].Shown is not null) ? 0 : null;
        }

        return [.. layers.Select(layer => layer with
        {
            Points = [.. Enumerable.Range(0, length).Select(i => new ChartPoint(layers[0].Points[i].Time, sums[i] += layer.Points[i].Shown ?? 0))],
        })];
    }
}
