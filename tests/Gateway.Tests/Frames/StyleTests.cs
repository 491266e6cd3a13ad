using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Counter.Gateway.Frames;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using SkiaSharp;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>Badges, pills and digits, in every format.</summary>
public class StyleTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly StyleKind[] Drawn = [StyleKind.Badge, StyleKind.Flat, StyleKind.Pill, StyleKind.Digits];

    public static TheoryData<string> Names => [.. Drawn.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_style_has_one_size_in_every_format(string kind)
    {
        foreach (var scale in (int[])[1, 2, 3, 4])
        {
            foreach (var viewers in (int[])[0, 1, 12, 1234, int.MaxValue])
            {
                var style = Read($"style={kind}&scale={scale}&one=Only you&padding=2&minwidth=90");
                var text = FrameText.Of(style, new DisplayedCount(viewers));
                var size = Drawing.Raster.Measure(style, text);
                Assert.Equal(0, size.Width % scale + size.Height % scale);
                foreach (var format in Enum.GetValues<ImageFormat>())
                {
                    Assert.Equal(size, Drawing.Raster.Measure(style with { Format = format }, text));
                    Assert.Equal(size, SizeOf(Drawing.Raster.Render(style with { Format = format }, text)));
                }
            }
        }
    }

    [Theory]
    [InlineData("badge", 20)]
    [InlineData("flat", 20)]
    [InlineData("pill", 24)]
    [InlineData("digits", 30)]
    public void A_style_has_its_documented_height(string kind, int height) =>
        Assert.Equal(height, Drawing.Raster.Measure(Read("style=" + kind), FrameText.Of(Read("style=" + kind), new DisplayedCount(7))).Height);

    [Theory]
    [InlineData("style=badge", 7, "users online", "7")]
    [InlineData("style=badge&label={n}", 7, "7")]
    [InlineData("style=flat&label=Readers: {n}&one=Only you", 1, "Only you", "1")]
    [InlineData("style=pill", 1234, "1,234", "online")]
    [InlineData("style=pill&short=1&label=here", 1234, "1.2k", "here")]
    [InlineData("style=digits", 12, "0", "0", "1", "2")]
    [InlineData("style=digits", 12345, "1", "2", "3", "4", "5")]
    [InlineData("style=digits&label=Visits {n}&locale=ar-EG", 7, "Visits", "٠", "٠", "٠", "٧")]
    public void A_style_writes_its_label_and_number(string query, int viewers, params string[] texts) =>
        Assert.Equal(texts, Texts(Draw(Read(query), viewers)));

    [Fact]
    public void A_label_from_right_to_left_is_right_of_the_number()
    {
        foreach (var kind in Drawn)
        {
            var texts = Draw(Read($"style={kind.Name}&label=متصل الآن: {{n}}"), 7).Descendants(Svg + "text").ToList();
            var label = texts.Single(text => text.Value.Length > 1);
            Assert.Equal("rtl", label.Attribute("direction")!.Value);

            // In a pill the number is read first.
            Assert.All(texts.Where(text => text != label), text => Assert.Equal(kind != StyleKind.Pill, X(text) < X(label)));
        }
    }

    [Fact]
    public void A_number_that_is_not_live_has_half_the_alpha_and_no_accent()
    {
        foreach (var kind in Drawn)
        {
            var style = Read("style=" + kind.Name);
            var picture = Drawing.Raster.Render(style, FrameText.Of(style, new DisplayedCount(7, Live: false)));
            Assert.All(PngPicture.Decode(picture.Image.Span).Alphas, alpha => Assert.InRange(alpha, 0, 128));
            var ended = Draw(style, 7, live: false);
            Assert.Equal("0.502", ended.Attribute("opacity")!.Value);
            Assert.DoesNotContain("#1a7f37", ended.ToString(), StringComparison.Ordinal);
            Assert.Contains(Texts(ended), text => text.StartsWith('~'));
            Assert.EndsWith(": " + FrameText.NoLongerLive, ended.Elements().Single(element => element.Name.LocalName == "title").Value, StringComparison.Ordinal);
            Assert.DoesNotContain(FrameText.NoLongerLive, Draw(style, 7, live: true).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("style=badge")]
    [InlineData("style=flat")]
    [InlineData("style=pill")]
    public void Zero_viewers_have_no_accent(string query)
    {
        Assert.Contains("#1a7f37", Draw(Read(query), 7).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("#1a7f37", Draw(Read(query), 0).ToString(), StringComparison.Ordinal);
        Assert.Contains("#c2410c", Draw(Read(query + "&color=c2410c"), 0).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_auto_theme_has_the_colours_of_both_in_SVG()
    {
        foreach (var kind in Drawn)
        {
            var picture = Draw(Read($"style={kind.Name}&theme=auto"), 7);
            Assert.Contains("prefers-color-scheme:dark", picture.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ffffff", "#000000")]
    [InlineData("ffd33d", "#000000")]
    [InlineData("0000ff", "#ffffff")]
    [InlineData("666666", "#ffffff")]
    public void Text_on_a_custom_colour_is_readable(string color, string ink) => Assert.Equal(
        ink, Draw(Read($"style=badge&color={color}"), 7).Descendants(Svg + "text").Last().Parent!.Attribute("color")!.Value);

    [Fact]
    public void The_corners_of_a_JPEG_have_the_background_of_the_page()
    {
        var style = Read("style=badge&theme=dark") with { Format = ImageFormat.Jpeg };
        using var picture = SKBitmap.Decode(Drawing.Raster.Render(style with { Padding = 8 }, FrameText.Of(style, new DisplayedCount(7))).Image.ToArray());
        var (corner, page) = (picture.GetPixel(1, 1), new Rgba(0x0d, 0x11, 0x17));
        Assert.InRange(Math.Abs(corner.Red - page.R) + Math.Abs(corner.Green - page.G) + Math.Abs(corner.Blue - page.B), 0, 12);
    }

    [Fact]
    public void Pictures_of_styles_are_small()
    {
        foreach (var (kind, most) in ((StyleKind, int)[])[(StyleKind.Badge, 900), (StyleKind.Flat, 900), (StyleKind.Pill, 1300), (StyleKind.Digits, 900)])
        {
            var style = Read("style=" + kind.Name);
            foreach (var format in (ImageFormat[])[ImageFormat.Png, ImageFormat.Svg])
            {
                var bytes = Drawing.Raster.Render(style with { Format = format }, FrameText.Of(style, new DisplayedCount(1234))).Image.Length;
                Assert.True(bytes <= most, $"{kind} as {format} has {bytes} bytes.");
            }
        }
    }

    [Theory]
    [InlineData("style=blink")]
    [InlineData("style=Badge")]
    [InlineData("style=1")]
    public void An_unknown_style_is_refused_with_a_list_of_styles(string query)
    {
        Assert.False(StyleQuery.TryParse(new QueryCollection(QueryHelpers.ParseQuery(query)), ImageFormat.Png, out _, out var errors));
        Assert.Equal("text, badge, flat, pill or digits.", Assert.Single(errors["style"]));
    }

    private static CounterStyle Read(string query)
    {
        var format = query.Contains("auto", StringComparison.Ordinal) ? ImageFormat.Svg : ImageFormat.Png;
        Assert.True(StyleQuery.TryParse(
            new QueryCollection(QueryHelpers.ParseQuery(query)), format, out var style, out _));
        return style;
    }

    private static XElement Draw(CounterStyle style, int viewers, bool live = true) => XDocument.Parse(Encoding.UTF8.GetString(
        Drawing.Raster.Render(style with { Format = ImageFormat.Svg }, FrameText.Of(style, new DisplayedCount(viewers, live))).Image.Span)).Root!;

    private static string[] Texts(XElement picture) => [.. picture.Descendants(Svg + "text").Select(text => text.Value)];

    private static double X(XElement text) => double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture);

    private static FrameSize SizeOf(Frame frame)
    {
        var file = frame.Image.Span;
        if (frame.ContentType == "image/svg+xml")
        {
            var svg = XDocument.Parse(Encoding.UTF8.GetString(file)).Root!;
            return new FrameSize((int)svg.Attribute("width")!, (int)svg.Attribute("height")!);
        }

        if (frame.ContentType == "image/png")
        {
            return new FrameSize(BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        }

        using var picture = SKBitmap.Decode(file.ToArray());
        return new FrameSize(picture.Width, picture.Height);
    }
}
