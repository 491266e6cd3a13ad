using Counter.Counting.Totals;

namespace Counter.Counting.Embedded;

/// <summary>A site in memory and what its file knows of it.</summary>
/// <param name="counter">The site.</param>
/// <param name="now">The time; a first save is due one interval later.</param>
internal sealed class SiteEntry(SiteCounter counter, DateTimeOffset now)
{
    /// <summary>The site.</summary>
    public SiteCounter Counter { get; } = counter;

    /// <summary>Whether a report came that is not saved.</summary>
    public bool Changed { get; set; }

    /// <summary>When a save was last begun.</summary>
    public DateTimeOffset SavedAt { get; set; } = now;

    /// <summary>How long the last save took.</summary>
    public TimeSpan Cost { get; set; }

    /// <summary>When history was last cleared up.</summary>
    public DateTimeOffset TidiedAt { get; set; } = now;

    /// <summary>Whether the file is behind: while viewers stay, the history grows without a report.</summary>
    public bool IsDirty => Changed || Counter.Tally.Viewers > 0;
}
