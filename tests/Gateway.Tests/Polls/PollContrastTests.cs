using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Shapes;
using Counter.Gateway.Polls.Pictures;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>The contrast of polls on any page (WCAG 2.2, 1.4.3: 4.5:1).</summary>
public sealed class PollContrastTests
{
    [Theory]
    [InlineData(Theme.None)]
    [InlineData(Theme.Light)]
    [InlineData(Theme.Dark)]
    public void Answers_and_numbers_have_enough_contrast(object theme)
    {
        foreach (var tint in new byte[] { 0, 36, 44, PollText.LeadingCover })
        {
            var ground = Over(ThemeColors.Of(ColorRole.First, (Theme)theme), tint, ThemeColors.Of(ColorRole.Paper, (Theme)theme));
            foreach (var cover in new byte[] { 255, PollText.QuietCover })
            {
                var text = Over(ThemeColors.Of(ColorRole.PaperText, (Theme)theme), cover, ground);
                Assert.True(Contrast(text, ground) >= 4.5, $"{theme} {tint} {cover}: {Contrast(text, ground):f2}");
            }
        }
    }

    [Theory]
    [InlineData(Theme.None, 0xffffff)]
    [InlineData(Theme.None, 0x000000)]
    [InlineData(Theme.Light, 0xffffff)]
    [InlineData(Theme.Dark, 0x000000)]
    [InlineData(Theme.Dark, 0x1e1e1e)]
    public void Questions_and_sums_have_enough_contrast(object theme, int page)
    {
        var ground = new Rgba((byte)(page >> 16), (byte)(page >> 8 & 255), (byte)(page & 255));
        foreach (var role in new[] { ColorRole.Text, ColorRole.Muted })
        {
            Assert.True(Contrast(ThemeColors.Of(role, (Theme)theme), ground) >= 4.5, $"{role}");
        }
    }

    private static Rgba Over(Rgba ink, byte cover, Rgba ground)
    {
        byte Mix(byte above, byte below) => (byte)Math.Round(((above * cover) + (below * (255 - cover))) / 255.0);
        return new Rgba(Mix(ink.R, ground.R), Mix(ink.G, ground.G), Mix(ink.B, ground.B));
    }

    private static double Contrast(Rgba one, Rgba other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(Rgba color)
    {
        static double Linear(byte channel) => channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));
    }
}
