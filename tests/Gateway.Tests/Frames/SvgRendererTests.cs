using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Counter.Gateway.Frames;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class SvgRendererTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly CounterStyle Default = new(ImageFormat.Svg);

    [Fact]
    public void The_default_frame_is_small_and_as_wide_as_its_text()
    {
        var frame = Drawing.Svg.Render(Default, "Users online: 1,234", muted: false);
        Assert.Equal("image/svg+xml", frame.ContentType);
        Assert.True(frame.Image.Length <= 300, $"It has {frame.Image.Length} bytes.");
        var picture = Parse(frame);
        var text = picture.Element(Svg + "text")!;
        Assert.Equal("Users online: 1,234", text.Value);
        Assert.Equal("#767676", text.Attribute("fill")!.Value);
        Assert.Equal(picture.Attribute("width")!.Value, text.Attribute("textLength")!.Value);
        Assert.InRange(int.Parse(picture.Attribute("width")!.Value, CultureInfo.InvariantCulture), 150, 160);
    }

    [Fact]
    public void Only_text_of_known_width_has_a_fixed_length()
    {
        Assert.Null(Text(Default, "Сейчас: 3").Attribute("textLength"));
        Assert.Null(Text(Default with { Font = "Georgia" }, "Now: 3").Attribute("textLength"));
    }

    [Fact]
    public void Text_from_right_to_left_starts_at_the_right_edge()
    {
        var text = Text(Default with { Padding = 5, MinWidth = 300 }, "المتصلون: 3");
        Assert.Equal("rtl", text.Attribute("direction")!.Value);
        Assert.Equal("295", text.Attribute("x")!.Value);
    }

    [Fact]
    public void Muted_text_has_half_the_alpha() =>
        Assert.Equal("0.5", Parse(Drawing.Svg.Render(Default, "~3", muted: true)).Element(Svg + "text")!.Attribute("opacity")!.Value);

    [Fact]
    public void A_number_that_is_not_live_has_a_text_for_screen_readers()
    {
        Assert.Equal("~3: No longer live. Load the page again.", Parse(Drawing.Svg.Render(Default, "~3", muted: true)).Element(Svg + "title")!.Value);
        Assert.Null(Parse(Drawing.Svg.Render(Default, "3", muted: false)).Element(Svg + "title"));
    }

    [Fact]
    public void The_auto_theme_has_both_colour_schemes_unless_a_colour_is_given()
    {
        var style = Default with { Theme = Theme.Auto };
        string kind = Parse(Drawing.Svg.Render(style, "3", muted: false)).Element(Svg + "style")!.Value;
        Assert.Contains("prefers-color-scheme:dark", kind, StringComparison.Ordinal);
        Assert.Null(Parse(Drawing.Svg.Render(style with { Color = Rgba.White }, "3", muted: false)).Element(Svg + "style"));
    }

    [Fact]
    public void Padding_background_and_scale_are_those_of_a_raster_picture()
    {
        var style = Default with { Padding = 4, Scale = 3, Background = new Rgba(1, 2, 3) };
        var picture = Parse(Drawing.Svg.Render(style, "3", muted: false));
        var size = Drawing.Svg.Measure(style, "3");
        Assert.Equal(27 * 3, size.Height);
        Assert.Equal($"{size.Width}", picture.Attribute("width")!.Value);
        Assert.Equal($"0 0 {size.Width / 3} 27", picture.Attribute("viewBox")!.Value);
        Assert.Equal("#010203", picture.Element(Svg + "rect")!.Attribute("fill")!.Value);
    }

    [Fact]
    public void Any_look_and_text_make_well_formed_XML() => Check.QuickThrowOnFailure(
        Prop.ForAll(Arb.From(Looks.Accepted), Arb.From(Looks.Texts), (style, text) =>
            Parse(Drawing.Svg.Render(style, text, muted: true)).Element(Svg + "text")!.Value == CleanText.Of(text)));

    private static XElement Text(CounterStyle style, string text) =>
        Parse(Drawing.Svg.Render(style, text, muted: false)).Element(Svg + "text")!;

    private static XElement Parse(Frame frame) =>
        XDocument.Parse(Encoding.UTF8.GetString(frame.Image.Span), LoadOptions.PreserveWhitespace).Root!;
}
