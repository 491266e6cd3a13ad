using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>One number of a site, the gateways that show it, and for a page the state of its reports. Not safe for concurrent use.</summary>
internal sealed class SiteNumber(CountKey key, long opened)
{
    private int floor;

    public CountKey Key => key;

    /// <summary>The page, if the number is one of a page.</summary>
    public PageKey Page => new(key.Site, key.Path);

    /// <summary>The version since which <see cref="Arrivals"/> are counted.</summary>
    public long Opened => opened;

    /// <summary>The viewers among the streams that are known.</summary>
    public int Viewers { get; set; }

    /// <summary>The viewers that arrived since <see cref="Opened"/>.</summary>
    public long Arrivals { get; set; }

    /// <summary>The published viewers. During the resync they are not lower than any gateway saw before.</summary>
    public int Published { get; private set; }

    /// <summary>Rises with every change of <see cref="Published"/>.</summary>
    public long Version { get; set; }

    public List<GatewayStreams> ShownAt { get; } = new(1);

    /// <summary>Whether it may have changed in this turn.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether it is queued for a report.</summary>
    public bool IsUnreported { get; set; }

    /// <summary>Whether the latest report was applied; true before there is anything to report.</summary>
    public bool IsConfirmed { get; set; } = true;

    /// <summary>The sequence number of the latest report.</summary>
    public long Reported { get; set; }

    /// <summary>Whether it can be removed without loss.</summary>
    public bool IsUnused => IsConfirmed && !IsUnreported && Viewers == 0 && Published == 0 && ShownAt.Count == 0;

    /// <summary>Sets the viewers that a gateway saw before as the least to publish.</summary>
    public void Raise(int seen) => floor = Math.Max(floor, seen);

    /// <summary>Updates <see cref="Published"/> from the viewers.</summary>
    /// <param name="isResyncing">Whether the viewers that gateways saw before are still the least.</param>
    /// <returns>Whether <see cref="Published"/> changed.</returns>
    public bool Update(bool isResyncing)
    {
        floor = isResyncing ? floor : 0;
        var next = Math.Max(floor, Viewers);
        (var changed, Published) = (next != Published, next);
        return changed;
    }

    /// <summary>The number as it is published.</summary>
    public CountUpdate Total(long activation) => new(key, Version, Published, Trace: null, activation);
}
