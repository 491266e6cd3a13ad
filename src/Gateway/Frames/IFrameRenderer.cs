namespace Counter.Gateway.Frames;

/// <summary>Draws text. Callers may be on any thread.</summary>
internal interface IFrameRenderer
{
    /// <summary>How large the picture of this text is, without drawing it.</summary>
    FrameSize Measure(Look look, string text);

    /// <summary>Draws one line of text.</summary>
    /// <param name="look">How.</param>
    /// <param name="text">What: any string.</param>
    /// <param name="muted">Draws the text with half its alpha: it is no longer live.</param>
    /// <exception cref="ArgumentException">The picture would not fit (<see cref="FrameSize.Fits"/>).</exception>
    Frame Render(Look look, string text, bool muted);
}
