namespace Counter.Gateway.Frames.Shapes;

/// <summary>The colours of a theme.</summary>
internal static class ThemeColors
{
    // Every colour for any page has at least 3:1 on white and on black (WCAG 2.1, 1.4.11).
    private static readonly (ColorRole Role, Rgba Any, Rgba Light, Rgba Dark)[] Table =
    [
        (ColorRole.Text, CounterStyle.InkForAnyPage, CounterStyle.InkForLightPages, CounterStyle.InkForDarkPages),
        (ColorRole.Muted, CounterStyle.InkForAnyPage, Hex(0x656d76), Hex(0x8d96a0)),
        (ColorRole.Grid, Hex(0x808080, 0x38), Hex(0x1f2328, 0x1a), Hex(0xe6edf3, 0x24)),
        (ColorRole.First, Hex(0x3b82f6), Hex(0x2563eb), Hex(0x60a5fa)),
        (ColorRole.Second, Hex(0xd97706), Hex(0xd97706), Hex(0xfbbf24)),
        (ColorRole.Third, Hex(0x0d9f6e), Hex(0x059669), Hex(0x34d399)),
        (ColorRole.Fourth, Hex(0xa855f7), Hex(0x9333ea), Hex(0xc084fc)),
        (ColorRole.Quiet, Hex(0x808080), Hex(0x9aa0a6), Hex(0x6e7681)),

        // Text on these has 4.5:1, whatever page is behind.
        (ColorRole.Plate, Hex(0x57606a), Hex(0x57606a), Hex(0x373e47)),
        (ColorRole.Wheel, Hex(0x2d333b), Hex(0x2d333b), Hex(0x373e47)),
        (ColorRole.PlateText, Rgba.White, Rgba.White, CounterStyle.InkForDarkPages),
        (ColorRole.Sheen, Hex(0xffffff, 0x24), Hex(0xffffff, 0x24), Hex(0xffffff, 0x1c)),
        (ColorRole.Paper, Hex(0xf6f8fa), Hex(0xf6f8fa), Hex(0x21262d)),
        (ColorRole.PaperText, CounterStyle.InkForLightPages, CounterStyle.InkForLightPages, CounterStyle.InkForDarkPages),
        (ColorRole.Outline, Hex(0xc8ced5), Hex(0xd0d7de), Hex(0x444c56)),
        (ColorRole.Accent, Hex(0x1a7f37), Hex(0x1a7f37), Hex(0x238636)),
        (ColorRole.AccentText, Rgba.White, Rgba.White, Rgba.White),
    ];

    /// <summary>Returns the colour of a role on a kind of page.</summary>
    public static Rgba Of(ColorRole role, Theme theme)
    {
        var colors = Array.Find(Table, colors => colors.Role == role);
        return theme switch { Theme.Light => colors.Light, Theme.Dark => colors.Dark, _ => colors.Any };
    }

    /// <summary>
    /// Returns the colour of readable text on a ground: black or white, whichever has more contrast (formula of WCAG 2; at least 4.5:1).
    /// </summary>
    public static Rgba ReadableOn(Rgba ground)
    {
        var luminance = (0.2126 * Linear(ground.R)) + (0.7152 * Linear(ground.G)) + (0.0722 * Linear(ground.B));
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? Rgba.White : new Rgba(0, 0, 0);
    }

    private static double Linear(byte channel) =>
        channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);

    private static Rgba Hex(int rgb, byte alpha = 255) => new((byte)(rgb >> 16), (byte)(rgb >> 8 & 255), (byte)(rgb & 255), alpha);
}
