namespace Counter.Counting.Presence;

/// <summary>What the presence of a site knows of one gateway. Not safe for concurrent use.</summary>
internal sealed class GatewayStreams(string id)
{
    /// <summary>The run of the gateway's process.</summary>
    public string Id => id;

    /// <summary>The number of its last batch.</summary>
    public long Last { get; set; }

    /// <summary>What the answer to that said is to be done.</summary>
    public IReadOnlyList<StreamCommand> Commands { get; set; } = [];

    /// <summary>The newest of its streams, and when that opened, as a timestamp.</summary>
    public (long Number, long At) Newest { get; set; }

    /// <summary>Its open streams.</summary>
    public Dictionary<long, PresenceStream> Streams { get; } = [];

    /// <summary>The numbers that it shows, with the snapshot that last mentioned them.</summary>
    public Dictionary<SiteNumber, int> Shown { get; } = [];

    /// <summary>How many snapshots it has begun.</summary>
    public int Snapshot { get; set; }

    /// <summary>Whether a snapshot has begun and not ended: until then its numbers may lack what it has, so it is told none.</summary>
    public bool IsPartial { get; set; }

    /// <summary>The viewers that are counted by its streams; null until it shows that number.</summary>
    public SiteNumber? Viewers { get; set; }

    /// <summary>Since when it has had nothing here, as a timestamp; null while it has something.</summary>
    public long? EmptySince { get; set; }
}
