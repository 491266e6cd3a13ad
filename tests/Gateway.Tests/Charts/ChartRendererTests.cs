using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Frames.Shapes;
using Counter.Gateway.Tests.Frames;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Charts;

public class ChartRendererTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly ChartStyle Usual = new();
    private static readonly Rgba Line = Usual.ColorOf(ColorRole.First);

    public static TheoryData<string> Names => [.. SampleCharts.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_cut_off_at_the_edges(string name)
    {
        var (_, chart, style) = SampleCharts.All.First(sample => sample.Name == name);
        var picture = Png(chart, style);
        Assert.Equal((style.Width * style.Scale, style.Height * style.Scale), (picture.Width, picture.Height));
        Assert.InRange(picture.Palette.Count, 5, 256);
        var edge = picture.Pixels.Where((_, i) =>
            i < picture.Width || i >= picture.Pixels.Count - picture.Width || i % picture.Width == 0 || i % picture.Width == picture.Width - 1);
        Assert.All(edge, pixel => Assert.Equal(style.Background.A == 0 ? (byte)0 : style.Background.A, pixel.A));
        if (style.Background.A > 0)
        {
            Assert.All(edge, pixel => Assert.Equal(style.Background, pixel));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_formats_have_one_size_and_SVG_is_well_formed(string name)
    {
        var (_, chart, style) = SampleCharts.All.First(sample => sample.Name == name);
        var root = Vector(chart, style);
        Assert.Equal($"{style.Width * style.Scale}", root.Attribute("width")!.Value);
        Assert.Equal($"{style.Height * style.Scale}", root.Attribute("height")!.Value);
        Assert.All(Texts(root), text => Assert.InRange(
            double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture), 1, style.Height - 1));
    }

    [Fact]
    public void A_chart_of_the_usual_size_is_small()
    {
        var sizes = SampleCharts.All.Where(sample => sample.Look.Size == Usual.Size)
            .Select(sample => (sample.Name, Drawn(sample.Chart, sample.Look, ImageFormat.Png).Image.Length)).ToList();
        Assert.All(sizes, size => Assert.True(
            size.Length <= size.Name switch { "month" => 8000, "day" or "cpu" or "lines" => 5000, _ => 3500 }, $"{size.Name} has {size.Length} bytes."));
    }

    [Fact]
    public void Without_data_there_is_a_notice_and_no_line()
    {
        foreach (var chart in new[] { SampleCharts.People([]), SampleCharts.Minutes(_ => null), SampleCharts.People([]) with { Series = [] } })
        {
            var root = Vector(chart, Usual);
            Assert.Contains(Texts(root), text => text.Value == "no data yet");
            Assert.Empty(Curves(root));
        }
    }

    [Fact]
    public void A_single_point_is_visible() => Assert.Contains(Line, Png(SampleCharts.People([new(SampleCharts.Now, 1)]), Usual).Pixels);

    [Fact]
    public void A_single_point_between_gaps_is_visible() =>
        Assert.Single(Vector(SampleCharts.Minutes(i => i == 7 ? 3 : null), Usual).Descendants(Svg + "circle"), dot => dot.Attribute("r")!.Value == "1.75");

    [Fact]
    public void Gaps_are_not_drawn() => Assert.Equal(2, Curves(Vector(SampleCharts.Minutes(i => i == 7 ? null : 3), Usual)).Count);

    [Fact]
    public void Zeros_are_drawn_on_the_baseline()
    {
        var root = Vector(SampleCharts.Minutes(_ => 0), Usual);
        var baseline = root.Descendants(Svg + "path").Single(path => path.Attribute("d")!.Value.Contains("h460v1", StringComparison.Ordinal)
            && path.Parent!.Attribute("opacity")!.Value == "0.22");
        Assert.Equal("M17 140h460v1h-460z", baseline.Attribute("d")!.Value);
        Assert.Matches("^M17 140l(\\d+(\\.\\d)? 0 ?)+$", Assert.Single(Curves(root)).Attribute("d")!.Value);
    }

    [Fact]
    public void The_peak_is_marked_unless_it_is_the_newest_value()
    {
        Assert.Contains(Texts(Vector(SampleCharts.Minutes(i => i == 5 ? 77 : 3), Usual)), text => text.Value == "77");
        Assert.DoesNotContain(Texts(Vector(SampleCharts.Minutes(i => i == 15 ? 77 : 3), Usual)), text => text.Value == "77" && text.Attribute("font-size")!.Value == "10");
    }

    [Fact]
    public void The_last_picture_of_a_stream_is_muted_and_marked()
    {
        var root = Vector(SampleCharts.Minutes(_ => 5) with { Live = false }, Usual);
        Assert.EndsWith(": " + FrameText.NoLongerLive, root.Elements().Single(element => element.Name.LocalName == "title").Value, StringComparison.Ordinal);
        Assert.Contains(Texts(root), text => text.Value == "~5");
        Assert.All(root.Elements(Svg + "g"), group => Assert.NotNull(group.Attribute("opacity")));
    }

    [Fact]
    public void The_auto_theme_has_both_colour_schemes() =>
        Assert.Contains("prefers-color-scheme:dark", Vector(SampleCharts.Minutes(_ => 5), Usual with { Theme = Theme.Auto }).Element(Svg + "style")!.Value, StringComparison.Ordinal);

    [Theory]
    [InlineData(159, 160, 1)]
    [InlineData(480, 801, 1)]
    [InlineData(480, 160, 0)]
    [InlineData(1600, 800, 2)]
    public void A_size_out_of_range_is_refused(int width, int height, int scale) => Assert.Throws<ArgumentException>(
        () => Drawn(SampleCharts.Minutes(_ => 5), Usual with { Width = width, Height = height, Scale = scale }, ImageFormat.Svg));

    [Fact]
    public void Layers_are_drawn_in_order()
    {
        var areas = Vector(SampleCharts.All.First(sample => sample.Name == "cpu").Chart, Usual).Elements(Svg + "g")
            .Where(group => group.Attribute("opacity")?.Value == "0.745").ToList();
        Assert.Equal(["#3b82f6", "#d97706", "#808080"], areas.Select(area => area.Attribute("color")!.Value));
    }

    [Fact]
    public void Any_points_and_texts_can_be_drawn()
    {
        var times = Gen.Choose(-2000, 100).Select(seconds => SampleCharts.Now.AddSeconds(seconds));
        var values = Gen.OneOf(
            Gen.Elements<double?>(null, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, -5, 0, int.MaxValue),
            Gen.Choose(0, 1000).Select(n => (double?)n));
        var points = Gen.Zip(times, values).Select(both => new ChartPoint(both.Item1, both.Item2)).ListOf();
        var charts =
            from first in points
            from second in points
            from stacked in Gen.Elements(true, false)
            from maximum in Gen.Elements<double?>(null, 100, double.NaN, -1, double.Epsilon, double.MaxValue)
            from length in Gen.Choose(-100, 3000)
            from title in Looks.Texts
            select new Chart(title, SampleCharts.Now.AddSeconds(-length), SampleCharts.Now, [new(title, ColorRole.First, [.. first]), new("b", ColorRole.Quiet, [.. second])])
            {
                Stacked = stacked,
                Maximum = maximum,
                Caption = title,
            };
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(charts), chart =>
        {
            var root = Vector(chart, Usual);
            return root.Element(Svg + "title")!.Value == CleanText.Of(chart.Title)
                && Png(chart with { Series = [chart.Series[0]] }, Usual).Width == Usual.Width
                && !root.ToString().Contains("NaN", StringComparison.Ordinal) == !chart.Title.Contains("NaN", StringComparison.Ordinal);
        }));
    }

    private static Frame Drawn(Chart chart, ChartStyle style, ImageFormat format) =>
        new ChartRenderer(Drawing.Raster.Painter).Render(chart, style, format);

    private static PngPicture Png(Chart chart, ChartStyle style) => PngPicture.Decode(Drawn(chart, style, ImageFormat.Png).Image.Span);

    private static XElement Vector(Chart chart, ChartStyle style) =>
        XDocument.Parse(Encoding.UTF8.GetString(Drawn(chart, style, ImageFormat.Svg).Image.Span), LoadOptions.PreserveWhitespace).Root!;

    private static IEnumerable<XElement> Texts(XElement root) => root.Descendants(Svg + "text");

    private static List<XElement> Curves(XElement root) =>
        [.. root.Descendants(Svg + "path").Where(path => path.Attribute("stroke") is not null)];
}
