namespace Counter.Counting.Presence;

/// <summary>What makes a browser close the stream of a left page.</summary>
public enum SettledBy
{
    /// <summary>Nothing that a server can send. The browser decides when: Chromium 156 after 60 s, a WebSocket after 600 s (measured).</summary>
    Nothing,

    /// <summary>Leaving the page closes it: WebKit, a script that closes its stream on <c>pagehide</c>, programs that are not browsers.</summary>
    Itself,

    /// <summary>The next frame: Firefox.</summary>
    Frame,

    /// <summary>A frame with more padding than the back/forward cache may keep: Chromium, if the stream is compressed.</summary>
    Padding,
}
