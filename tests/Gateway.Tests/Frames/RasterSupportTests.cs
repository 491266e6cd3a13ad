using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class RasterSupportTests
{
    [Fact]
    public void With_everything_installed_there_is_no_advice() =>
        Assert.Equal(new RasterSupport(Png: true, Jpeg: true, Advice: null), RasterSupport.Decide(_ => true, () => true));

    [Fact]
    public void Without_gd_there_is_no_jpeg() => Assert.Equal(
        new RasterSupport(Png: true, Jpeg: false, "JPEG pictures are sent as PNG until you install libgd3."),
        RasterSupport.Decide(library => library != Native.Gd, () => true));

    [Fact]
    public void Without_pango_there_is_svg_only_and_nobody_asks_pango_for_fonts() => Assert.Equal(
        new RasterSupport(
            Png: false,
            Jpeg: false,
            "PNG and JPEG pictures are sent as SVG until you install libpango-1.0-0, libpangocairo-1.0-0, libgd3, fonts-dejavu-core."),
        RasterSupport.Decide(_ => false, () => throw new DllNotFoundException()));

    [Fact]
    public void Without_fonts_there_is_svg_only() => Assert.Equal(
        new RasterSupport(Png: false, Jpeg: false, "PNG and JPEG pictures are sent as SVG until you install fonts-dejavu-core."),
        RasterSupport.Decide(_ => true, () => false));
}
