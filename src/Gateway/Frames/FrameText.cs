namespace Counter.Gateway.Frames;

/// <summary>The text of a picture.</summary>
/// <param name="Line">A line of text. It contains the number when the style is text, and not in other styles.</param>
/// <param name="Muted">Whether the number is no longer live. It is then drawn at half strength.</param>
internal readonly record struct FrameText(string Line, bool Muted = false)
{
    /// <summary>Explains the <c>~</c> before a number.</summary>
    public const string NoLongerLive = "No longer live. Load the page again.";

    /// <summary>The number, when the style has a separate place for it.</summary>
    public string Number { get; init; } = "";

    /// <summary>Whether the number is zero.</summary>
    public bool IsZero { get; init; }

    /// <summary>Returns the text of a picture of a number in a style.</summary>
    public static FrameText Of(CounterStyle style, DisplayedCount displayed) => style.Kind == StyleKind.Text
        ? new FrameText(style.TextFor(displayed), !displayed.Live)
        : new FrameText(style.CaptionFor(displayed), !displayed.Live) { Number = style.NumberFor(displayed), IsZero = displayed.Viewers == 0 };
}
