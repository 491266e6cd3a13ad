using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

public class CounterStyleTests
{
    private static readonly CounterStyle Default = new(ImageFormat.Png);

    [Fact]
    public void The_default_look_says_how_many_users_are_online() =>
        Assert.Equal("Users online: 1,234", Default.TextFor(new DisplayedCount(1234)));

    [Fact]
    public void A_number_that_is_not_live_has_a_tilde_in_front() =>
        Assert.Equal("Users online: ~3", Default.TextFor(new DisplayedCount(3, Live: false)));

    [Fact]
    public void One_viewer_has_a_text_of_its_own()
    {
        var style = Default with { Label = "{n} people", One = "Just you" };
        Assert.Equal("Just you", style.TextFor(new DisplayedCount(1)));
        Assert.Equal("~Just you", style.TextFor(new DisplayedCount(1, Live: false)));
        Assert.Equal("0 people", style.TextFor(new DisplayedCount(0)));
        Assert.Equal("~1 person", (style with { One = "{n} person" }).TextFor(new DisplayedCount(1, Live: false)));
    }

    [Fact]
    public void A_label_without_a_place_for_the_number_is_followed_by_it() =>
        Assert.Equal("Guests: ~5", (Default with { Label = "Guests:" }).TextFor(new DisplayedCount(5, Live: false)));

    [Fact]
    public void Equal_looks_are_one_key() => Assert.Equal(Default with { Size = 20 }, new CounterStyle(ImageFormat.Png) { Size = 20 });

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x00)]
    public void The_default_colour_is_readable_on_any_page(byte page)
    {
        var (light, dark) = (Luminance(page), Luminance(Default.Ink.R));
        double contrast = (Math.Max(light, dark) + 0.05) / (Math.Min(light, dark) + 0.05);
        Assert.True(contrast >= 4.5, $"The contrast is {contrast}.");
    }

    [Theory]
    [InlineData(999, "en", "999")]
    [InlineData(1000, "en", "1k")]
    [InlineData(1299, "en", "1.2k")]
    [InlineData(1299, "de", "1,2k")]
    [InlineData(99_999, "en", "99.9k")]
    [InlineData(999_999, "en", "999k")]
    [InlineData(3_450_000, "en", "3.4M")]
    [InlineData(int.MaxValue, "en", "2.1B")]
    public void A_short_number_is_rounded_down(int number, string locale, string expected) =>
        Assert.Equal(expected, NumberText.Short(number, locale));

    [Theory]
    [InlineData("en", "1,234,567")]
    [InlineData("de", "1.234.567")]
    [InlineData("en-IN", "12,34,567")]
    [InlineData("no-such-locale-at-all", "1,234,567")]
    public void A_full_number_is_grouped_by_its_locale(string locale, string expected) =>
        Assert.Equal(expected, NumberText.Full(1_234_567, locale));

    /// <summary>Relative luminance of a grey, by WCAG 2.</summary>
    private static double Luminance(byte grey)
    {
        double channel = grey / 255.0;
        return channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);
    }
}
