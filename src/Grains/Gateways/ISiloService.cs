using Counter.Counting.Cluster;
using Counter.Grains.Messages;
using Orleans.Services;

namespace Counter.Grains.Gateways;

/// <summary>What each silo does for the pages and sites whose grains are in it.</summary>
[Alias("counter.ISiloService")]
internal interface ISiloService : IGrainService
{
    /// <summary>Takes who is alive from the registry, and gives up the viewers of those who are not.</summary>
    [Alias("Apply")]
    Task ApplyAsync(GatewaySet live);

    /// <summary>The sites here that changed since a mark; 0 for all of them.</summary>
    [Alias("Sites")]
    Task<SiteUpdates> SitesAsync(long after);

    /// <summary>The pages here that most people look at, busiest first.</summary>
    [Alias("Busiest")]
    Task<IReadOnlyList<CountStatus>> BusiestAsync(int most);
}
