using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The viewers of one site, as one gateway sees them. Guarded by the lock of <see cref="Audience"/>.</summary>
internal sealed class SiteAudience
{
    /// <summary>The pages that are held.</summary>
    public int Pages { get; set; }

    /// <summary>Those of them of which it is not known whether the cluster has what was reported.</summary>
    public int InDoubt { get; set; }

    /// <summary>The viewers now.</summary>
    public int Viewers { get; set; }

    /// <summary>Those that the latest reports spoke of.</summary>
    public int Reported { get; set; }
}

/// <summary>The viewers of one page, as one gateway sees them. Guarded by the lock of <see cref="Audience"/>.</summary>
internal sealed class PageAudience(PageKey page, SiteAudience site, long opened)
{
    /// <summary>The page.</summary>
    public PageKey Page { get; } = page;

    /// <summary>The site of the page.</summary>
    public SiteAudience Site { get; } = site;

    /// <summary>The sequence number at which the page was last begun to be held.</summary>
    public long Opened { get; } = opened;

    /// <summary>Whether it waits for the next report.</summary>
    public bool Unreported { get; set; }

    /// <summary>Whether it waits because the cluster may not have what was reported, and totals may lack it.</summary>
    public bool InDoubt { get; set; }

    /// <summary>The number of the latest report about it.</summary>
    public long Sequence { get; set; }

    /// <summary>The viewers now.</summary>
    public int Viewers { get; set; }

    /// <summary>Those that the latest report spoke of.</summary>
    public int Reported { get; set; }

    /// <summary>The viewers that came since <see cref="Opened"/>.</summary>
    public long Arrivals { get; set; }
}
