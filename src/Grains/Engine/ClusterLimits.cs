namespace Counter.Grains.Engine;

/// <summary>How much is counted at most.</summary>
public sealed record ClusterLimits
{
    /// <summary>The most pages of one site; further ones are refused.</summary>
    public int PagesPerSite { get; init; } = 10_000;

    /// <summary>The most pages of all sites; further ones are refused. A site may have a hundred more than are known of.</summary>
    public int Pages { get; init; } = 1_000_000;

    /// <summary>The most sites; pages of further ones are refused.</summary>
    public int Sites { get; init; } = 10_000;
}
