using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>One number of a site, the gateways that show it, and for a page the state of its reports. Not safe for concurrent use.</summary>
internal class SiteNumber(CountKey key, long opened)
{
    private int floor;

    public CountKey Key => key;

    /// <summary>The page, if the number is one of a page.</summary>
    public PageKey Page => new(key.Site, key.Path);

    /// <summary>The version since which <see cref="Arrivals"/> are counted.</summary>
    public long Opened { get; private set; } = opened;

    /// <summary>The viewers among the streams that are known.</summary>
    public int Viewers { get; set; }

    /// <summary>The viewers that arrived since <see cref="Opened"/>.</summary>
    public long Arrivals { get; set; }

    /// <summary>The arrivals of the last report that was confirmed.</summary>
    public long Counted { get; set; }

    /// <summary>The totals of the same page or site that gateways show.</summary>
    public List<SiteTotal> Totals { get; } = new(0);

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

    /// <summary>Whether nobody looks at the page, and the latest report says so.</summary>
    public bool IsLeft => IsConfirmed && !IsUnreported && Viewers == 0 && Published == 0;

    /// <summary>Whether it can be removed without loss.</summary>
    public virtual bool IsUnused => IsLeft && ShownAt.Count == 0 && Totals.Count == 0;

    /// <summary>Whether there is a value to publish.</summary>
    public virtual bool IsKnown => true;

    /// <summary>Counts arrivals from 0 again. All that came so far must have been confirmed.</summary>
    /// <param name="version">The version since which they are counted.</param>
    public void BeginAnew(long version)
    {
        Totals.ForEach(total => total.Rebase(Arrivals));
        (Opened, Arrivals, Counted) = (version, 0, 0);
    }

    /// <summary>Sets what a gateway saw before as the least to publish.</summary>
    public virtual void Raise(CountUpdate seen) => floor = Math.Max(floor, (int)Math.Min(seen.Viewers, int.MaxValue));

    /// <summary>Updates what is published.</summary>
    /// <param name="isResyncing">Whether the viewers that gateways saw before are still the least.</param>
    /// <returns>Whether it changed.</returns>
    public virtual bool Update(bool isResyncing)
    {
        floor = isResyncing ? floor : 0;
        var next = Math.Max(floor, Viewers);
        (var changed, Published) = (next != Published, next);
        return changed;
    }

    /// <summary>The number as it is published.</summary>
    public virtual CountUpdate Total(long activation) => new(key, Version, Published, Trace: null, activation);
}
