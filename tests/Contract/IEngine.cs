using Counter.Counting.Cluster;

namespace Counter.Tests.Contract;

/// <summary>An empty engine with a clock that the test moves.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>The cluster, as one gateway calls it.</summary>
    ICluster Cluster { get; }

    /// <summary>The same cluster, as another gateway calls it. The same object where there is only one process.</summary>
    ICluster Other { get; }

    /// <summary>The time of the engine's clock.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Waits until sites and pages have received all reports of the presence of sites.</summary>
    ValueTask SettleAsync();

    /// <summary>Moves the clock and runs the background work that becomes due.</summary>
    ValueTask AdvanceAsync(TimeSpan by);
}

/// <summary>The settings of an engine.</summary>
/// <param name="Lease">The duration of a gateway's lease.</param>
/// <param name="PagesPerSite">The most pages of a site.</param>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites.</param>
public sealed record EngineSetup(TimeSpan Lease, int PagesPerSite = 1000, int Sites = 1000, int Pages = 10_000)
{
    public static EngineSetup Default { get; } = new(TimeSpan.FromSeconds(15));
}
