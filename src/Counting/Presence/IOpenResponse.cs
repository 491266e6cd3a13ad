namespace Counter.Counting.Presence;

/// <summary>An open stream, as presence sees it. The calls come outside presence's lock and must not block.</summary>
public interface IOpenResponse
{
    /// <summary>
    /// Sends the current frame so that the browser closes the stream if its page was left: with padding, where the stream is
    /// <see cref="SettledBy.Padding"/>. Goes with whatever frame is written next.
    /// </summary>
    /// <param name="written">Is called once when that frame was written; never when the stream ends before.</param>
    void Probe(Action written);

    /// <summary>Ends the stream properly, with its current frame, so that its connection is free for a page that is looked at.</summary>
    void End();
}
