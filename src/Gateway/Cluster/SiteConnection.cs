using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Gateway.Cluster;

/// <summary>One site as this gateway has it, and whether its presence answers.</summary>
/// <param name="streams">What is open here, and still to be told.</param>
internal sealed class SiteConnection(SiteStreams streams)
{
    private int sending;
    private volatile bool isStale;

    /// <summary>What is open here, and still to be told.</summary>
    public SiteStreams Streams => streams;

    /// <summary>The viewers of the site that are counted by streams here. Guarded by the lock of <see cref="PresenceClient"/>.</summary>
    public int Viewers { get; set; }

    /// <summary>Whether a batch was not answered in time, so that numbers are what they were, and what came and went here since.</summary>
    public bool IsStale { get => isStale; set => isStale = value; }

    /// <summary>Begins to send, unless that is done already.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref sending, 1, 0) == 0;

    /// <summary>Ends sending.</summary>
    public void End() => Volatile.Write(ref sending, 0);

    /// <summary>What came less what went here since the presence answered; 0 while it does.</summary>
    public int Unanswered(CountKey key) => isStale ? streams.Unanswered(key) : 0;
}
