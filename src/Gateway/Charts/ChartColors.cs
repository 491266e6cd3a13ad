using Counter.Gateway.Frames;

namespace Counter.Gateway.Charts;

/// <summary>The colours of a theme.</summary>
internal static class ChartColors
{
    // Every colour that stands on any page has at least 3:1 on white and on black (WCAG 2.1, 1.4.11).
    private static readonly (ChartRole Role, Rgba Any, Rgba Light, Rgba Dark)[] Table =
    [
        (ChartRole.Text, Look.InkForAnyPage, Look.InkForLightPages, Look.InkForDarkPages),
        (ChartRole.Muted, Look.InkForAnyPage, Hex(0x656d76), Hex(0x8d96a0)),
        (ChartRole.Grid, Hex(0x808080, 0x38), Hex(0x1f2328, 0x1a), Hex(0xe6edf3, 0x24)),
        (ChartRole.First, Hex(0x3b82f6), Hex(0x2563eb), Hex(0x60a5fa)),
        (ChartRole.Second, Hex(0xd97706), Hex(0xd97706), Hex(0xfbbf24)),
        (ChartRole.Third, Hex(0x0d9f6e), Hex(0x059669), Hex(0x34d399)),
        (ChartRole.Fourth, Hex(0xa855f7), Hex(0x9333ea), Hex(0xc084fc)),
        (ChartRole.Quiet, Hex(0x808080), Hex(0x9aa0a6), Hex(0x6e7681)),
    ];

    /// <summary>The colour of a role; <see cref="Theme.Auto"/> has that of any page, for viewers that cannot say what they prefer.</summary>
    public static Rgba Of(ChartRole role, ChartLook look) => Of(role, look, look.Theme);

    /// <summary>The colour of a role on a kind of page, unless the look has one of its own for it.</summary>
    public static Rgba Of(ChartRole role, ChartLook look, Theme theme)
    {
        if (role == ChartRole.First && look.Color is { } own)
        {
            return own;
        }

        var colors = Array.Find(Table, colors => colors.Role == role);
        return theme switch { Theme.Light => colors.Light, Theme.Dark => colors.Dark, _ => colors.Any };
    }

    private static Rgba Hex(int rgb, byte alpha = 255) => new((byte)(rgb >> 16), (byte)(rgb >> 8 & 255), (byte)(rgb & 255), alpha);
}
