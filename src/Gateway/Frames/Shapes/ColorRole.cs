namespace Counter.Gateway.Frames.Shapes;

/// <summary>The role of a colour. The theme defines the colour of each role.</summary>
internal enum ColorRole
{
    /// <summary>The current value and the title.</summary>
    Text,

    /// <summary>Secondary text: axes and captions.</summary>
    Muted,

    /// <summary>Gridlines.</summary>
    Grid,

    /// <summary>The most important series. The parameter <c>color</c> changes it.</summary>
    First,

    /// <summary>Another series.</summary>
    Second,

    /// <summary>Another series.</summary>
    Third,

    /// <summary>Another series.</summary>
    Fourth,

    /// <summary>A series for completeness, such as idle time.</summary>
    Quiet,

    /// <summary>The background of a counter's label.</summary>
    Plate,

    /// <summary>The background of a digit.</summary>
    Wheel,

    /// <summary>Text on <see cref="Plate"/> or <see cref="Wheel"/>.</summary>
    PlateText,

    /// <summary>The highlight on a wheel.</summary>
    Sheen,

    /// <summary>The background of a pill.</summary>
    Paper,

    /// <summary>Text on <see cref="Paper"/>.</summary>
    PaperText,

    /// <summary>The line around <see cref="Paper"/>.</summary>
    Outline,

    /// <summary>The dot of a live number, or the background of a number.</summary>
    Accent,

    /// <summary>Text on <see cref="Accent"/>.</summary>
    AccentText,
}
