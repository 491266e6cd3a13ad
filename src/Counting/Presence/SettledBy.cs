namespace Counter.Counting.Presence;

/// <summary>What makes a browser close the stream of a page that was left.</summary>
public enum SettledBy
{
    /// <summary>Nothing that a server can send: the browser keeps the stream for as long as it likes. Chromium 156: 60 s, a WebSocket 600 s (measured).</summary>
    Nothing,

    /// <summary>Leaving the page closes it: WebKit, a script that closes its stream on <c>pagehide</c>, programs that are no browsers.</summary>
    Itself,

    /// <summary>The next frame: Firefox.</summary>
    Frame,

    /// <summary>A frame with so much padding that the back/forward cache may not keep it: Chromium, where the stream is compressed.</summary>
    Padding,
}
