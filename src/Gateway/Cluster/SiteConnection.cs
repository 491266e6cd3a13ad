using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <summary>One site on this gateway, and whether its presence answers.</summary>
/// <param name="streams">The open streams, and the changes to report.</param>
internal sealed class SiteConnection(SiteStreams streams)
{
    private int sending;
    private volatile bool isStale;

    /// <summary>The open streams, and the changes to report.</summary>
    public SiteStreams Streams => streams;

    /// <summary>The viewers of the site that streams of this gateway count. Guarded by the lock of <see cref="PresenceClient"/>.</summary>
    public int Viewers { get; set; }

    /// <summary>Whether a reply is late. Numbers are then the last ones, with the changes on this gateway since.</summary>
    public bool IsStale { get => isStale; set => isStale = value; }

    /// <summary>Starts sending, unless it is under way.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref sending, 1, 0) == 0;

    /// <summary>Ends sending.</summary>
    public void End() => Volatile.Write(ref sending, 0);

    /// <summary>The streams that opened less those that closed since the last reply. 0 while the presence answers.</summary>
    public int Unanswered(CountKey key) => isStale ? streams.Unanswered(key) : 0;
}
