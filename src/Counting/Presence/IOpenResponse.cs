namespace Counter.Counting.Presence;

/// <summary>The response of an open stream. The calls are made outside the lock of presence and must not block.</summary>
public interface IOpenResponse
{
    /// <summary>
    /// Sends the current frame so that the browser closes the stream if its page was left. The frame is padded if the stream is settled by
    /// <see cref="SettledBy.Padding"/>. The next frame that is written carries the probe.
    /// </summary>
    /// <param name="written">Called once after that frame was written; never if the stream ends before.</param>
    void Probe(Action written);

    /// <summary>Ends the stream properly, with its current frame, to free its connection for a page that is looked at.</summary>
    void End();
}
