using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>The colours of a counter that is not plain text: the theme's, except for those that the style sets.</summary>
internal sealed record StyleColors : ShapeStyle
{
    // White text on it has 4.6:1.
    private static readonly Rgba Quiet = new(0x6e, 0x77, 0x81);

    /// <summary>The accent; null means the theme's.</summary>
    public Rgba? Accent { get; init; }

    /// <summary>The background of the label or of a digit; null means the theme's.</summary>
    public Rgba? Ground { get; init; }

    /// <summary>The colour of text on <see cref="Ground"/>; null means a readable one.</summary>
    public Rgba? Ink { get; init; }

    /// <summary>Whether the accent is muted unless the style sets it: the number is zero, or not live.</summary>
    public bool IsQuiet { get; init; }

    public override Rgba ColorOf(ColorRole role, Theme theme) => role switch
    {
        ColorRole.Accent => Accent ?? (IsQuiet ? Quiet : ThemeColors.Of(role, theme)),
        ColorRole.AccentText => Accent is { } accent ? ThemeColors.ReadableOn(accent) : Rgba.White,
        ColorRole.Plate or ColorRole.Wheel or ColorRole.Paper => Ground ?? ThemeColors.Of(role, theme),
        ColorRole.PlateText or ColorRole.PaperText when (Ink ?? (Ground is { } ground ? ThemeColors.ReadableOn(ground) : null)) is { } ink => ink,
        _ => ThemeColors.Of(role, theme),
    };
}
