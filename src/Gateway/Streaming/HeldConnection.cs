using Counter.Counting.Presence;

namespace Counter.Gateway.Streaming;

/// <summary>One of the six connections that a browser opens to a host over HTTP/1.1, held by a stream for as long as that is open.</summary>
/// <param name="connections">All that are held.</param>
/// <param name="browser">The browser: a hash of address and agent.</param>
internal sealed class HeldConnection(BrowserConnections connections, ulong browser)
{
    /// <summary>The browser.</summary>
    public ulong Browser => browser;

    /// <summary>The stream; null before it is open.</summary>
    public LiveStream? Stream { get; private set; }

    /// <summary>Its stream as presence knows it; null where nobody is counted by it.</summary>
    public StreamEntry? Entry { get; set; }

    /// <summary>What settles the stream.</summary>
    public SettledBy Settles { get; init; }

    /// <summary>Whether it is known who is counted by it. Before that it is nobody's to end.</summary>
    public bool IsEntered { get; set; }

    /// <summary>Whether the browser itself is at the other end: of what is behind a proxy, HTTP/1.1 here says nothing, so nothing is ended.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Its place among those of its browser; null when it has none. Guarded by the lock of <see cref="BrowserConnections"/>.</summary>
    public LinkedListNode<HeldConnection>? Node { get; set; }

    /// <summary>When it was last probed because of the connection, as a timestamp. Guarded by the lock of <see cref="BrowserConnections"/>.</summary>
    public long? ProbedAt { get; set; }

    /// <summary>The stream is open.</summary>
    public void Hold(LiveStream stream)
    {
        Stream = stream;
        connections.Add(this);
    }

    /// <summary>The stream has ended.</summary>
    public void Release() => connections.Remove(this);
}
