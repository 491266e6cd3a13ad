using Counter.Counting.Cluster;

namespace Counter.Grains.Messages;

/// <summary>What a silo sends to the inbox of a gateway: changes, or only that it is there.</summary>
/// <param name="Silo">Names one run of one silo.</param>
/// <param name="Number">Rises by one with every batch from that silo to that inbox, so that a lost one is noticed.</param>
/// <param name="Totals">The changes; none is a heartbeat.</param>
[GenerateSerializer, Immutable, Alias("counter.InboxBatch")]
internal sealed record InboxBatch(
    [property: Id(0)] string Silo, [property: Id(1)] long Number, [property: Id(2)] IReadOnlyList<Total> Totals);
