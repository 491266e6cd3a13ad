namespace Counter.Counting.Embedded;

/// <summary>How the embedded engine works.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The directory that totals, history and settings are kept in; made when it is not there. One process at a time uses it.</summary>
    public string Directory { get; init; } = "data";

    /// <summary>
    /// How often what changed is saved, and so the most that is lost when the process is killed. Sites so big that saving them
    /// this often would take more than 5 % of a core are saved more rarely.
    /// </summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a report holds: a gateway that is not heard for longer loses its viewers.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The most pages of one site; further ones are refused.</summary>
    public int MaxPagesPerSite { get; init; } = 10_000;

    /// <summary>The most sites; pages of further ones are refused.</summary>
    public int MaxSites { get; init; } = 10_000;
}
