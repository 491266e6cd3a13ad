namespace Counter.Gateway.Frames;

/// <summary>What a picture says.</summary>
/// <param name="Line">A line of text: with the number where the style is text, without it elsewhere.</param>
/// <param name="Muted">Whether it is no longer live, and drawn half as strong.</param>
internal readonly record struct FrameText(string Line, bool Muted = false)
{
    /// <summary>What <c>~</c> before a number means, for those who see it.</summary>
    public const string NoLongerLive = "No longer live. Load the page again.";

    /// <summary>The number, where it has a place of its own.</summary>
    public string Number { get; init; } = "";

    /// <summary>Whether nobody is there.</summary>
    public bool IsZero { get; init; }

    /// <summary>What a picture of a number says in a look.</summary>
    public static FrameText Of(CounterStyle style, DisplayedCount displayed) => style.Kind == StyleKind.Text
        ? new FrameText(style.TextFor(displayed), !displayed.Live)
        : new FrameText(style.CaptionFor(displayed), !displayed.Live) { Number = style.NumberFor(displayed), IsZero = displayed.Viewers == 0 };
}
