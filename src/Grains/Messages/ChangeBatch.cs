using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Grains.Messages;

/// <summary>What a silo sends to the inbox of a gateway: changes, or only that it is there.</summary>
/// <param name="Silo">Names one run of one silo.</param>
/// <param name="Number">Rises by one with every batch from that silo to that inbox, so that a lost one is noticed.</param>
/// <param name="Totals">The changes.</param>
/// <param name="Commands">What is to be done with streams of the gateway.</param>
/// <param name="Polls">The polls in which votes were stored.</param>
/// <param name="Tables">The tables that changed; null from silos that have none.</param>
/// <param name="IsWatched">Whether somebody watches the monitor at a gateway, so that all report every second.</param>
[GenerateSerializer, Immutable, Alias("counter.InboxBatch")]
internal sealed record ChangeBatch(
    [property: Id(0)] string Silo, [property: Id(1)] long Number, [property: Id(2)] IReadOnlyList<CountUpdate> Totals,
    [property: Id(3)] IReadOnlyList<SiteCommand> Commands, [property: Id(4)] IReadOnlyList<PollChange> Polls,
    [property: Id(5)] IReadOnlyList<TableChange>? Tables, [property: Id(6)] bool IsWatched = false);

/// <summary>What is to be done with a stream of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Command">What.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteCommand")]
internal readonly record struct SiteCommand([property: Id(0)] string Site, [property: Id(1)] StreamCommand Command);
