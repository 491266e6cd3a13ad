using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>One number of a site, the gateways that show it, and of a page what is still to be reported. Not safe for concurrent use.</summary>
internal class SiteNumber(CountKey key, long opened)
{
    private int floor;

    /// <summary>What is counted.</summary>
    public CountKey Key => key;

    /// <summary>The page, where that is what is counted.</summary>
    public PageKey Page => new(key.Site, key.Path);

    /// <summary>Since when <see cref="Arrivals"/> are counted, as a version.</summary>
    public long Opened => opened;

    /// <summary>The viewers that are known.</summary>
    public int Viewers { get; set; }

    /// <summary>The viewers that came since <see cref="Opened"/>.</summary>
    public long Arrivals { get; set; }

    /// <summary>Those of them that were reported, and the report taken.</summary>
    public long Counted { get; set; }

    /// <summary>The totals of the same page or site that are shown.</summary>
    public List<SiteTotal> Totals { get; } = new(0);

    /// <summary>What gateways are told: while not all of them have said what they have open, no less than one of them saw before.</summary>
    public int Published { get; private set; }

    /// <summary>Rises with every change of <see cref="Published"/>.</summary>
    public long Version { get; set; }

    /// <summary>The gateways that show it.</summary>
    public List<GatewayStreams> ShownAt { get; } = new(1);

    /// <summary>Whether it may have changed in this turn.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether it waits to be reported.</summary>
    public bool IsUnreported { get; set; }

    /// <summary>Whether the latest report was taken; true before there is anything to report.</summary>
    public bool IsConfirmed { get; set; } = true;

    /// <summary>The number of the latest report.</summary>
    public long Reported { get; set; }

    /// <summary>Whether nothing would be lost with it.</summary>
    public virtual bool IsUnused => IsConfirmed && !IsUnreported && Viewers == 0 && Published == 0 && ShownAt.Count == 0 && Totals.Count == 0;

    /// <summary>Whether there is something to tell gateways.</summary>
    public virtual bool IsKnown => true;

    /// <summary>A gateway saw this before.</summary>
    public virtual void Raise(CountUpdate seen) => floor = Math.Max(floor, (int)Math.Min(seen.Viewers, int.MaxValue));

    /// <summary>Brings what gateways are told up to the viewers.</summary>
    /// <param name="isResyncing">Whether what was seen before still holds.</param>
    /// <returns>Whether that changed.</returns>
    public virtual bool Update(bool isResyncing)
    {
        floor = isResyncing ? floor : 0;
        var next = Math.Max(floor, Viewers);
        (var changed, Published) = (next != Published, next);
        return changed;
    }

    /// <summary>The number as it is sent around.</summary>
    public virtual CountUpdate Total(long activation) => new(key, Version, Published, Trace: null, activation);
}
