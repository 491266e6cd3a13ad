namespace Counter.Counting.Presence;

/// <summary>One open stream of a site, at a gateway.</summary>
internal sealed class PresenceStream(string gateway, long number, StreamOpening opening)
{
    /// <summary>The view that it is part of.</summary>
    public View View { get; set; } = null!;

    /// <summary>The gateway that holds it.</summary>
    public string Gateway => gateway;

    /// <summary>Its number there.</summary>
    public long Number => number;

    /// <summary>What it shows, as a hash.</summary>
    public ulong Picture { get; } = opening.Picture;

    /// <summary>What its page load calls itself, as a hash; 0 when it does not say.</summary>
    public ulong Load { get; } = opening.Load;

    /// <summary>What makes the browser close it.</summary>
    public SettledBy Settles { get; } = opening.Settles;

    /// <summary>The browser and its version, where its probes are noted.</summary>
    public string? Browser { get; } = opening.Browser;

    /// <summary>The client's network, as a hash; null where it need not be told apart.</summary>
    public ulong? Network { get; } = opening.Network;

    /// <summary>Whether its gateway probes it now and then. It does so from the start; of one in a snapshot that is not known.</summary>
    public bool IsWatched { get; set; } = !opening.IsAcknowledged;

    /// <summary>The snapshot of its gateway that last had it.</summary>
    public int Snapshot { get; set; }
}
