namespace Counter.Gateway.Frames.Shapes;

/// <summary>What a colour is for; the theme says which colour that is.</summary>
internal enum ColorRole
{
    /// <summary>The current value and the title.</summary>
    Text,

    /// <summary>What is read second: axes and captions.</summary>
    Muted,

    /// <summary>Gridlines.</summary>
    Grid,

    /// <summary>The series that matters most; <c>color</c> changes it.</summary>
    First,

    /// <summary>Another series.</summary>
    Second,

    /// <summary>Another series.</summary>
    Third,

    /// <summary>Another series.</summary>
    Fourth,

    /// <summary>A series that is only there for completeness, such as idle time.</summary>
    Quiet,

    /// <summary>What a counter's label stands on.</summary>
    Plate,

    /// <summary>What a digit stands on.</summary>
    Wheel,

    /// <summary>What is written on <see cref="Plate"/> or <see cref="Wheel"/>.</summary>
    PlateText,

    /// <summary>The light that falls on a wheel.</summary>
    Sheen,

    /// <summary>The ground of a pill.</summary>
    Paper,

    /// <summary>What is written on <see cref="Paper"/>.</summary>
    PaperText,

    /// <summary>The line around <see cref="Paper"/>.</summary>
    Outline,

    /// <summary>What says that a number is live, and what it stands on.</summary>
    Accent,

    /// <summary>What is written on <see cref="Accent"/>.</summary>
    AccentText,
}
