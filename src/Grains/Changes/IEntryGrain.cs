using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Changes;

/// <summary>
/// Where gateways hand in what concerns many grains: one message from the gateway, and the silo that takes it distributes it. Any
/// number of them work in every silo.
/// </summary>
[Alias("counter.IEntryGrain")]
internal interface IEntryGrain : IGrainWithIntegerKey
{
    /// <summary>Has the sites take a report.</summary>
    [Alias("Report")]
    Task<GatewayTold> ReportAsync(GatewaySaid said);

    /// <summary>A client shows numbers: it is told their changes for a while, and the totals now.</summary>
    [Alias("Watch")]
    Task<IReadOnlyList<NumberTold>> WatchAsync(Guid client, IReadOnlyList<CountKey> keys, IReadOnlyList<Seen> seen);
}
