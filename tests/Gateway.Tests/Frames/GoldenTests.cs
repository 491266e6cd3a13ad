using System.Runtime.CompilerServices;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Tests.Charts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>
/// Pictures look as they did when somebody looked at them. They are compared by how much they differ, since a later Skia may round otherwise; letters
/// are those of the font that is part of the program. <c>COUNTER_GOLDEN=write</c> writes new ones into Golden.
/// </summary>
public class GoldenTests
{
    // Of 255, on the average of all pixels. A wrong digit is more.
    private const double MostDifference = 0.3;

    private static readonly CounterStyle Usual = new(ImageFormat.Png);

    private static readonly Dictionary<string, (CounterStyle Look, string Text)> Texts = new()
    {
        ["default"] = (Usual, "Users online: 1,234"),
        ["dense"] = (Usual with { Scale = 2 }, "Users online: 1,234"),
        ["padded"] = (Usual with { Padding = 6, Background = new Rgba(0x1f, 0x23, 0x28), Theme = Theme.Dark }, "ÄÖÜ, é, ñ, ŵ, ﬁ: 7"),
        ["greek-cyrillic"] = (Usual, "Ελλάδα, Россия: 12"),
        ["arabic"] = (Usual with { Scale = 2 }, "متصل الآن: 1,234 (PNG)"),
        ["hebrew"] = (Usual with { Scale = 2 }, "מחוברים: 24/7, 1,234"),
        ["marks"] = (Usual with { Scale = 2 }, "x̂́ ẤỆ gjpqy"),
    };

    private static readonly Dictionary<string, (string Query, DisplayedCount Reading)> Styles = new()
    {
        ["badge"] = ("style=badge", new DisplayedCount(1234)),
        ["badge-rtl"] = ("style=badge&scale=2&label=متصل الآن: {n}", new DisplayedCount(12)),
        ["badge-ended"] = ("style=badge", new DisplayedCount(12, Live: false)),
        ["flat"] = ("style=flat&color=c2410c&scale=2", new DisplayedCount(12)),
        ["pill"] = ("style=pill", new DisplayedCount(1234)),
        ["pill-zero"] = ("style=pill&theme=dark&scale=2", new DisplayedCount(0)),
        ["digits"] = ("style=digits", new DisplayedCount(1234)),
        ["digits-ended"] = ("style=digits&label=Readers: {n}&scale=2", new DisplayedCount(42, Live: false)),
    };

    public static TheoryData<string> Names => [.. Texts.Keys, .. Styles.Keys, .. SampleCharts.All.Where(c => c.Name is "busy" or "month" or "cpu" or "dense").Select(c => "chart-" + c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pictures_equal_the_golden_ones(string name)
    {
        var frame = Draw(name);
        if (Environment.GetEnvironmentVariable("COUNTER_GOLDEN") == "write")
        {
            File.WriteAllBytes(PathOf(name), frame.Image.ToArray());
            return;
        }

        using var file = typeof(GoldenTests).Assembly.GetManifestResourceStream($"Golden/{name}.png");
        Assert.NotNull(file);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var (expected, drawn) = (PngPicture.Decode(bytes), PngPicture.Decode(frame.Image.Span));
        Assert.Equal((expected.Width, expected.Height), (drawn.Width, drawn.Height));
        var difference = expected.Pixels.Zip(drawn.Pixels, Difference).Average();
        Assert.True(difference <= MostDifference, $"{name} differs by {difference:0.00} of 255 on the average.");
    }

    [Fact]
    public void A_wrong_digit_is_detected()
    {
        var (one, other) = (Drawing.Png(Usual, "Users online: 1,234"), Drawing.Png(Usual, "Users online: 1,284"));
        Assert.InRange(one.Pixels.Zip(other.Pixels, Difference).Average(), MostDifference, 255);
    }

    private static Frame Draw(string name)
    {
        if (Texts.TryGetValue(name, out var text))
        {
            return Drawing.Raster.Render(text.Look, text.Text, muted: false);
        }

        if (Styles.TryGetValue(name, out var counter))
        {
            Assert.True(StyleQuery.TryParse(new QueryCollection(QueryHelpers.ParseQuery(counter.Query)), ImageFormat.Png, out var style, out _));
            return Drawing.Raster.Render(style, FrameText.Of(style, counter.Reading));
        }

        var sample = SampleCharts.All.First(chart => "chart-" + chart.Name == name);
        return new ChartRenderer(Drawing.Raster.Painter).Render(sample.Chart, sample.Look, ImageFormat.Png);
    }

    /// <summary>How different two pixels look, on white and on black.</summary>
    private static double Difference(Rgba one, Rgba other)
    {
        return (On(Rgba.White) + On(new Rgba(0, 0, 0))) / 2;

        double On(Rgba page) => one.Over(page) is var a && other.Over(page) is var b
            ? (Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B)) / 3.0
            : 0;
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden", name + ".png");
}
