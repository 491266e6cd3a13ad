using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The streams of one site that opened and closed at a gateway since its last batch.</summary>
/// <remarks>One batch is under way at a time. A batch that is not answered is sent again with the same number.</remarks>
/// <param name="Gateway">Identifies one run of the gateway's process.</param>
/// <param name="Number">Rises with every batch of this gateway.</param>
/// <param name="After">The number of the previous batch for this site; 0 for the first.</param>
/// <param name="Part">Whether it begins or ends a snapshot.</param>
/// <param name="Changes">The streams that opened and closed, in order; in a snapshot the open streams.</param>
/// <param name="Probed">The streams whose probes were written.</param>
/// <param name="Shown">The numbers that the gateway starts to show; in a snapshot all that it shows.</param>
/// <param name="Hidden">The numbers that the gateway no longer shows.</param>
/// <param name="Crowds">The browsers that have few connections left.</param>
/// <param name="AsksAll">Whether the answer must have all numbers that the gateway shows, because an update may be lost.</param>
/// <param name="Limits">The limits of what is counted, as this gateway is configured.</param>
/// <param name="Totals">
/// The totals among the numbers that the gateway starts to show. They are not in <paramref name="Shown"/>, because an older silo would fail on them.
/// Null from an older gateway.
/// </param>
[GenerateSerializer, Immutable, Alias("counter.PresenceBatch")]
public sealed record PresenceBatch(
    string Gateway, long Number, long After, SnapshotPart Part, IReadOnlyList<StreamChange> Changes, IReadOnlyList<long> Probed,
    IReadOnlyList<ShownNumber> Shown, IReadOnlyList<CountKey> Hidden, IReadOnlyList<CrowdedBrowser> Crowds, bool AsksAll, CountLimits? Limits,
    IReadOnlyList<ShownNumber>? Totals = null)
{
    /// <summary>The most streams in one batch.</summary>
    public const int MostChanges = 1000;

    /// <summary>All numbers that the gateway begins to show; in a snapshot those that it shows.</summary>
    public IEnumerable<ShownNumber> AllShown => Totals is null ? Shown : Shown.Concat(Totals);
}

/// <summary>
/// Whether a batch begins or ends a snapshot. A snapshot has all open streams; after its end, streams that it did not have are closed.
/// </summary>
[Flags]
public enum SnapshotPart
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The first batch of a snapshot.</summary>
    First = 1,

    /// <summary>The last batch of a snapshot.</summary>
    Last = 2,
}

/// <summary>A stream that opened or closed.</summary>
/// <param name="Stream">The number of the stream at its gateway.</param>
/// <param name="Opening">The opening; null when the stream closed.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamChange")]
public readonly record struct StreamChange(long Stream, StreamOpening? Opening);

/// <summary>A stream that opened.</summary>
/// <param name="Path">The path of its page.</param>
/// <param name="Kind">The kind of its visitor's identity.</param>
/// <param name="Visitor">The identity of its visitor.</param>
/// <param name="Before">That identity before the salt changed at midnight; null when there can be none.</param>
/// <param name="Issued">The strong identity that the response issues to the browser; null for none.</param>
/// <param name="Picture">A hash of the request, see <see cref="StreamOrigin.Picture"/>.</param>
/// <param name="Load">A hash of the name of the page load; 0 when unknown.</param>
/// <param name="Settles">What makes the browser close the stream after its page was left.</param>
/// <param name="IsPrerendered">Whether the page is prerendered, so that nobody looks at it yet.</param>
/// <param name="Browser">The browser and its version; null when its probes are not recorded.</param>
/// <param name="Network">A keyed hash of the client's network; null when it need not be distinguished.</param>
/// <param name="Age">The time since it opened.</param>
/// <param name="IsAcknowledged">Whether a batch with this opening was answered, so that its arrival is already counted.</param>
/// <param name="IsAgain">Whether a page that is open already requests it again, so that it is no arrival.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamOpening")]
public sealed record StreamOpening(
    string Path, IdentityKind Kind, ulong Visitor, ulong? Before, ulong? Issued, ulong Picture, ulong Load, SettledBy Settles, bool IsPrerendered,
    string? Browser, ulong? Network, TimeSpan Age, bool IsAcknowledged, bool IsAgain = false);

/// <summary>
/// A number that a gateway shows, with the last total it received. An activation that does not have all streams yet publishes nothing lower.
/// </summary>
/// <param name="Key">The number.</param>
/// <param name="Seen">The last total; version 0 when there was none.</param>
[GenerateSerializer, Immutable, Alias("counter.ShownNumber")]
public readonly record struct ShownNumber(CountKey Key, CountUpdate Seen);

/// <summary>
/// A browser that has few connections left. Its streams that count nobody are probed; those that nothing settles are ended.
/// </summary>
/// <param name="Streams">Its streams, in the order in which they are to be ended.</param>
/// <param name="MostEnded">The most streams that may be ended.</param>
[GenerateSerializer, Immutable, Alias("counter.CrowdedBrowser")]
public readonly record struct CrowdedBrowser(IReadOnlyList<long> Streams, int MostEnded);

/// <summary>The limits of what is counted.</summary>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites together.</param>
/// <param name="PagesPerSite">The most pages of this site.</param>
[GenerateSerializer, Immutable, Alias("counter.CountLimits")]
public sealed record CountLimits(int Sites, int Pages, int PagesPerSite);
