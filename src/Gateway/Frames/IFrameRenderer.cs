namespace Counter.Gateway.Frames;

/// <summary>Draws texts and numbers. Thread-safe.</summary>
internal interface IFrameRenderer
{
    /// <summary>Returns the size of the picture of this text, without drawing it.</summary>
    FrameSize Measure(CounterStyle style, FrameText text);

    /// <param name="style">The style.</param>
    /// <param name="text">The text: any strings.</param>
    /// <exception cref="ArgumentException">The picture does not fit (<see cref="FrameSize.Fits"/>).</exception>
    Frame Render(CounterStyle style, FrameText text);
}
