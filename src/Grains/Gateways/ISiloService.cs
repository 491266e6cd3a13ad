using Counter.Counting.Cluster;
using Counter.Grains.Messages;
using Orleans.Services;

namespace Counter.Grains.Gateways;

/// <summary>The service of each silo for the pages and sites whose grains it runs.</summary>
[Alias("counter.ISiloService")]
internal interface ISiloService : IGrainService
{
    /// <summary>Applies the live gateways from the registry and runs the maintenance, which drops the viewers of the other gateways.</summary>
    [Alias("Apply")]
    Task ApplyAsync(GatewaySet live);

    /// <summary>The sites of this silo that changed after a mark; 0 for all sites.</summary>
    [Alias("Sites")]
    Task<SiteUpdates> SitesAsync(long after);

    /// <summary>The pages of this silo with the most viewers, busiest first.</summary>
    [Alias("Busiest")]
    Task<IReadOnlyList<CountStatus>> BusiestAsync(int most);
}
