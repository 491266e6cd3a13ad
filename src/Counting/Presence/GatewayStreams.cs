namespace Counter.Counting.Presence;

/// <summary>The streams of one gateway on a site, and the numbers it shows. Not safe for concurrent use.</summary>
internal sealed class GatewayStreams(string id)
{
    /// <summary>The run of the gateway's process.</summary>
    public string Id => id;

    /// <summary>The number of its last batch.</summary>
    public long Last { get; set; }

    /// <summary>The commands in the answer to its last batch.</summary>
    public IReadOnlyList<StreamCommand> Commands { get; set; } = [];

    /// <summary>Its newest stream, and when that stream opened, as a timestamp.</summary>
    public (long Number, long At) Newest { get; set; }

    /// <summary>Its open streams, by number.</summary>
    public Dictionary<long, PresenceStream> Streams { get; } = [];

    /// <summary>The numbers that it shows, each with the last snapshot that had it.</summary>
    public Dictionary<SiteNumber, int> Shown { get; } = [];

    /// <summary>The number of snapshots that it has begun.</summary>
    public int Snapshot { get; set; }

    /// <summary>Whether a snapshot has begun and not ended. Until it ends numbers may lack streams of this gateway, so it is sent none.</summary>
    public bool IsPartial { get; set; }

    /// <summary>The number of viewers that its streams count for; null until it shows that number.</summary>
    public SiteNumber? Viewers { get; set; }

    /// <summary>Since when it has had no stream and shown no number, as a timestamp; null while it has either.</summary>
    public long? EmptySince { get; set; }
}
