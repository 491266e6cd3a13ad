namespace Counter.Counting.Presence;

/// <summary>An open stream, as presence sees it. The calls come outside presence's lock and must not block.</summary>
public interface IOpenResponse
{
    /// <summary>The stream's page may have been left: send the current frame, on which Firefox closes a left page's stream.</summary>
    void Nudge();

    /// <summary>Ends the stream properly, with its current frame, so that its connection is free for a page that is looked at.</summary>
    void End();
}
