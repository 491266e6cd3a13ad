namespace Counter.Counting.Presence;

/// <summary>One open stream of a site, at a gateway.</summary>
internal sealed class PresenceStream(string gateway, long number, StreamOpening opening)
{
    /// <summary>The view that it belongs to.</summary>
    public View View { get; set; } = null!;

    /// <summary>The gateway that holds it.</summary>
    public string Gateway => gateway;

    /// <summary>Its number there.</summary>
    public long Number => number;

    /// <summary>A hash of its request, see <see cref="StreamOrigin.Picture"/>.</summary>
    public ulong Picture { get; } = opening.Picture;

    /// <summary>A hash of the name of its page load; 0 when unknown.</summary>
    public ulong Load { get; } = opening.Load;

    /// <summary>What makes the browser close it after its page was left.</summary>
    public SettledBy Settles { get; } = opening.Settles;

    /// <summary>The browser and its version; null when its probes are not recorded.</summary>
    public string? Browser { get; } = opening.Browser;

    /// <summary>A hash of the client's network; null when it need not be distinguished.</summary>
    public ulong? Network { get; } = opening.Network;

    /// <summary>
    /// Whether its gateway probes it periodically. A gateway does so from the start. For an acknowledged stream in a snapshot it is unknown.
    /// </summary>
    public bool IsWatched { get; set; } = !opening.IsAcknowledged;

    /// <summary>The last snapshot of its gateway that had it.</summary>
    public int Snapshot { get; set; }
}
