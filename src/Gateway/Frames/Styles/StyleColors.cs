using Counter.Gateway.Frames.Shapes;

namespace Counter.Gateway.Frames.Styles;

/// <summary>The colours of a counter whose look is not plain text: those of the theme, but for what the look has of its own.</summary>
internal sealed record StyleColors : ShapeStyle
{
    // White on it has 4.6:1.
    private static readonly Rgba Quiet = new(0x6e, 0x77, 0x81);

    /// <summary>The accent; null leaves it to the theme.</summary>
    public Rgba? Accent { get; init; }

    /// <summary>What the label, or a digit, stands on; null leaves it to the theme.</summary>
    public Rgba? Ground { get; init; }

    /// <summary>What is written on <see cref="Ground"/>; null where it is whatever can be read there.</summary>
    public Rgba? Ink { get; init; }

    /// <summary>Whether nothing is accented that has no colour of its own: nobody is there, or the number is not live.</summary>
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
