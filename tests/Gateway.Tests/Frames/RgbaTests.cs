using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class RgbaTests
{
    [Theory]
    [InlineData("#f80", 255, 136, 0, 255)]
    [InlineData("f808", 255, 136, 0, 136)]
    [InlineData("#1F2328", 31, 35, 40, 255)]
    [InlineData("1f232880", 31, 35, 40, 128)]
    [InlineData("Tomato", 255, 99, 71, 255)]
    [InlineData("darkslategrey", 47, 79, 79, 255)]
    [InlineData("rebeccapurple", 102, 51, 153, 255)]
    [InlineData("transparent", 0, 0, 0, 0)]
    public void A_CSS_colour_is_parsed(string text, byte r, byte g, byte b, byte a)
    {
        Assert.True(Rgba.TryParse(text, out var color));
        Assert.Equal(new Rgba(r, g, b, a), color);
    }

    [Theory]
    [InlineData("#12")]
    [InlineData("#12345")]
    [InlineData("##fff")]
    [InlineData("ggg")]
    [InlineData("12")]
    [InlineData("ActiveCaption")]
    [InlineData("rgb(1,2,3)")]
    [InlineData("red;background:url(x)")]
    public void An_invalid_CSS_colour_is_refused(string text) => Assert.False(Rgba.TryParse(text, out _));

    [Fact]
    public void Colours_are_blended()
    {
        var ink = new Rgba(200, 0, 0);
        Assert.Equal(ink, ink.Over(Rgba.White));
        Assert.Equal(Rgba.White, default(Rgba).Over(Rgba.White));
        Assert.Equal(new Rgba(227, 127, 127), (ink with { A = 128 }).Over(Rgba.White));
        Assert.Equal(ink with { A = 100 }, (ink with { A = 100 }).Over(default));
        Assert.Equal(default, default(Rgba).Over(default));
    }
}
