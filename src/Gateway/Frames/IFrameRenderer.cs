namespace Counter.Gateway.Frames;

/// <summary>Draws texts and numbers. Callers may be on any thread.</summary>
internal interface IFrameRenderer
{
    /// <summary>How large the picture of this text is, without drawing it.</summary>
    FrameSize Measure(CounterStyle style, FrameText text);

    /// <summary>Draws one picture.</summary>
    /// <param name="style">The style.</param>
    /// <param name="text">What: any strings.</param>
    /// <exception cref="ArgumentException">The picture would not fit (<see cref="FrameSize.Fits"/>).</exception>
    Frame Render(CounterStyle style, FrameText text);
}
