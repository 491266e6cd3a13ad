using Counter.Counting.Cluster;

namespace Counter.Tests.Contract;

/// <summary>An engine with nothing in it and a clock that the test moves.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>The cluster as one gateway has it.</summary>
    ICluster Cluster { get; }

    /// <summary>The same cluster as another gateway has it; where there is only one process, the same object.</summary>
    ICluster Other { get; }

    /// <summary>The time that the engine goes by.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Waits until sites and pages have what the presence of sites has to tell them.</summary>
    ValueTask SettleAsync();

    /// <summary>Lets time pass, and what the engine does in the background with it.</summary>
    ValueTask AdvanceAsync(TimeSpan by);
}

/// <summary>How an engine is set up.</summary>
/// <param name="Lease">How long a gateway that is not heard keeps its viewers.</param>
/// <param name="PagesPerSite">The most pages of a site.</param>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites.</param>
public sealed record EngineSetup(TimeSpan Lease, int PagesPerSite = 1000, int Sites = 1000, int Pages = 10_000)
{
    public static EngineSetup Default { get; } = new(TimeSpan.FromSeconds(15));
}
