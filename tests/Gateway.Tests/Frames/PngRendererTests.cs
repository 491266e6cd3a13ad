using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class PngRendererTests
{
    private static readonly CounterStyle Default = new(ImageFormat.Png);

    [Theory]
    [InlineData("Users online: 3")]
    [InlineData("Users online: 1,234")]
    public void The_default_frame_has_at_most_520_bytes_and_at_least_8_alpha_levels(string text)
    {
        var frame = Drawing.Raster.Render(Default, text, muted: false);
        Assert.Equal("image/png", frame.ContentType);
        Assert.True(frame.Image.Length <= 520, $"It has {frame.Image.Length} bytes.");
        var picture = PngPicture.Decode(frame.Image.Span);
        Assert.True(picture.Alphas.Count() >= 8);
        Assert.All(picture.Palette, color => Assert.Equal("#767676", color.Hex));
        Assert.Contains(picture.Palette, color => color.A == 255);
        Assert.Contains(picture.Palette, color => color.A == 0);
    }

    [Fact]
    public void Different_numbers_are_different_pictures()
    {
        var pictures = Enumerable.Range(0, 50).Select(n => Convert.ToBase64String(
            Drawing.Raster.Render(Default, Default.TextFor(new DisplayedCount(n)), muted: false).Image.Span));
        Assert.Equal(50, pictures.Distinct().Count());
    }

    [Fact]
    public void The_picture_has_the_measured_size_in_whole_CSS_pixels()
    {
        for (int scale = 1; scale <= 4; scale++)
        {
            var style = Default with { Scale = scale, Padding = 3 };
            var size = Drawing.Raster.Measure(style, "Users online: 3");
            var picture = Drawing.Png(style, "Users online: 3");
            Assert.Equal(size, new FrameSize(picture.Width, picture.Height));
            Assert.Equal((0, 0), (size.Width % scale, size.Height % scale));
            Assert.InRange(size.Height / scale, 3 + 16 + 3, 3 + 24 + 3);
        }
    }

    [Fact]
    public void A_short_text_is_padded_to_the_minimum_width() =>
        Assert.Equal(300, Drawing.Raster.Measure(Default with { MinWidth = 150, Scale = 2 }, "3").Width);

    [Fact]
    public void Nothing_is_drawn_into_the_padding()
    {
        var picture = Drawing.Png(Default with { Padding = 10 }, "gjÅ 123 ẤỆ");
        var inked = Enumerable.Range(0, picture.Pixels.Count).Where(i => picture.Pixels[i].A > 0);
        Assert.All(inked, i => Assert.InRange(i % picture.Width, 10, picture.Width - 11));
        Assert.All(inked, i => Assert.InRange(i / picture.Width, 10, picture.Height - 11));
    }

    [Fact]
    public void Text_from_right_to_left_is_aligned_right()
    {
        var style = Default with { MinWidth = 400 };
        Assert.True(FirstInkedColumn(Drawing.Png(style, "Users: 3")) < 10);
        Assert.True(FirstInkedColumn(Drawing.Png(style, "מחוברים: 3")) > 200);
    }

    [Fact]
    public void Muted_text_has_half_the_alpha() =>
        Assert.Equal(128, Drawing.Png(Default, "Users online: ~3", muted: true).Alphas.Max());

    [Fact]
    public void On_an_opaque_background_the_palette_has_blends_of_both_colours()
    {
        var style = Default with { Color = new Rgba(255, 0, 0), Background = new Rgba(0, 0, 255), Padding = 2 };
        var picture = Drawing.Png(style, "Users online: 3");
        Assert.Equal(style.Background, picture.Pixels[0]);
        Assert.Contains(new Rgba(255, 0, 0), picture.Palette);
        Assert.All(picture.Palette, color => Assert.Equal((255, 255), (color.R + color.B, color.A)));
    }

    [Fact]
    public void Emoji_keep_their_colours()
    {
        var picture = Drawing.Png(Default, "🔥 3");
        Assert.SkipWhen(picture.Palette.Count is > 0 and < 16, "No colour emoji font is installed (fonts-noto-color-emoji).");
        Assert.Contains(picture.Pixels, pixel => pixel.R > pixel.B + 100);
        Assert.Contains(picture.Pixels, pixel => pixel == CounterStyle.InkForAnyPage);
        Assert.InRange(Drawing.Png(Default, "🔥 3", muted: true).Alphas.Max(), 120, 128);
    }

    [Theory]
    [InlineData("Сейчас онлайн: 3")]
    [InlineData("المتصلون الآن: 3")]
    [InlineData("ऑनलाइन उपयोगकर्ता: 3")]
    [InlineData("在线用户：3")]
    [InlineData("Z̈ā̱̂l̶gŏ̌ 3")]
    public void Every_writing_system_is_drawn(string text) =>
        Assert.True(Drawing.Png(Default, text).Pixels.Count(pixel => pixel.A > 0) > 100);

    [Fact]
    public void A_font_that_is_not_installed_is_drawn_in_the_default_one() => Assert.Equal(
        Drawing.Png(Default, "Users online: 3").Pixels,
        Drawing.Png(Default with { Font = "No Such Font Anywhere" }, "Users online: 3").Pixels);

    [Fact]
    public void A_picture_that_would_be_too_large_is_not_drawn() => Assert.Throws<ArgumentException>(
        () => Drawing.Raster.Render(Default with { Size = 64, Scale = 4 }, new string('W', 100), muted: false));

    private static int FirstInkedColumn(PngPicture picture) => Enumerable.Range(0, picture.Pixels.Count)
        .Where(i => picture.Pixels[i].A > 0)
        .Min(i => i % picture.Width);
}
