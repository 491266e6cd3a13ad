using Counter.Counting.Presence;

namespace Counter.Gateway.Streaming;

/// <summary>One of the six HTTP/1.1 connections of a browser to a host. An open stream holds it.</summary>
/// <param name="connections">The held connections of all browsers.</param>
/// <param name="browser">A hash of the browser's address and agent.</param>
internal sealed class HeldConnection(BrowserConnections connections, ulong browser)
{
    /// <summary>The hash of the browser's address and agent.</summary>
    public ulong Browser => browser;

    /// <summary>The stream. Null before it is open.</summary>
    public LiveStream? Stream { get; private set; }

    /// <summary>The stream's entry in presence. Null where the stream counts nobody.</summary>
    public StreamEntry? Entry { get; set; }

    public SettledBy Settles { get; init; }

    /// <summary>Whether <see cref="Entry"/> is final. Nothing ends the stream before that.</summary>
    public bool IsEntered { get; set; }

    /// <summary>
    /// Whether the peer is the browser itself. Behind a proxy, HTTP/1.1 on this side does not show the browser's protocol, so no stream is
    /// ended.
    /// </summary>
    public bool IsDirect { get; init; }

    /// <summary>The node in the list of its browser. Null when it is in none. Guarded by the lock of <see cref="BrowserConnections"/>.</summary>
    public LinkedListNode<HeldConnection>? Node { get; set; }

    /// <summary>
    /// The timestamp of the last probe that was sent to free the connection. Guarded by the lock of <see cref="BrowserConnections"/>.
    /// </summary>
    public long? ProbedAt { get; set; }

    /// <summary>Registers the connection of an open stream.</summary>
    public void Hold(LiveStream stream)
    {
        Stream = stream;
        connections.Add(this);
    }

    /// <summary>Releases the connection of an ended stream.</summary>
    public void Release() => connections.Remove(this);
}
