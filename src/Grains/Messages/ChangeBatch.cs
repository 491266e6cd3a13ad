using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Grains.Messages;

/// <summary>A message of a silo to the inbox of a gateway: changes, or a heartbeat without any.</summary>
/// <param name="Silo">Identifies one run of one silo.</param>
/// <param name="Number">Increases by one with every batch of the silo to the inbox. A gap shows a lost batch.</param>
/// <param name="Totals">The numbers that changed.</param>
/// <param name="Commands">The commands for streams of the gateway.</param>
/// <param name="Polls">The polls with newly stored votes.</param>
/// <param name="Tables">The tables that changed; null from silos that have none.</param>
/// <param name="IsWatched">Whether somebody watches the monitor at a gateway, so that all report every second.</param>
[GenerateSerializer, Immutable, Alias("counter.InboxBatch")]
internal sealed record ChangeBatch(
    [property: Id(0)] string Silo, [property: Id(1)] long Number, [property: Id(2)] IReadOnlyList<CountUpdate> Totals,
    [property: Id(3)] IReadOnlyList<SiteCommand> Commands, [property: Id(4)] IReadOnlyList<PollChange> Polls,
    [property: Id(5)] IReadOnlyList<TableChange>? Tables, [property: Id(6)] bool IsWatched = false);

/// <summary>A command for a stream of a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Command">The command.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteCommand")]
internal readonly record struct SiteCommand([property: Id(0)] string Site, [property: Id(1)] StreamCommand Command);
