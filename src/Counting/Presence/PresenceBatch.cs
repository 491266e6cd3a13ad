using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>What a gateway tells the presence of one site: which streams opened and closed there since the batch before.</summary>
/// <remarks>One batch is under way at a time. One that is not answered is sent again with the same number.</remarks>
/// <param name="Gateway">Names one run of the gateway's process.</param>
/// <param name="Number">Rises with every batch of this gateway.</param>
/// <param name="After">The number of the batch before it about this site; 0 for the first.</param>
/// <param name="Part">Whether it is a part of a snapshot.</param>
/// <param name="Changes">What opened and closed, in that order; in a snapshot streams that are open.</param>
/// <param name="Probed">The streams whose probes were written.</param>
/// <param name="Shown">The numbers that the gateway begins to show; in a snapshot those that it shows.</param>
/// <param name="Hidden">The numbers that it does not show any more.</param>
/// <param name="Crowds">The browsers that have few connections left.</param>
/// <param name="AsksAll">Whether the answer is to have all numbers that the gateway shows: something that it was told may be lost.</param>
/// <param name="Limits">How much is counted at most, as this gateway is set up.</param>
/// <param name="Totals">The totals among what it begins to show, apart since a silo that knows none would fail; null from a gateway that knows none.</param>
[GenerateSerializer, Immutable, Alias("counter.PresenceBatch")]
public sealed record PresenceBatch(
    string Gateway, long Number, long After, SnapshotPart Part, IReadOnlyList<StreamChange> Changes, IReadOnlyList<long> Probed,
    IReadOnlyList<ShownNumber> Shown, IReadOnlyList<CountKey> Hidden, IReadOnlyList<CrowdedBrowser> Crowds, bool AsksAll, CountLimits? Limits,
    IReadOnlyList<ShownNumber>? Totals = null)
{
    /// <summary>The most streams of one batch.</summary>
    public const int MostChanges = 1000;

    /// <summary>All numbers that the gateway begins to show; in a snapshot those that it shows.</summary>
    public IEnumerable<ShownNumber> AllShown => Totals is null ? Shown : Shown.Concat(Totals);
}

/// <summary>Whether a batch begins or ends a snapshot: all that is open, after which what was not mentioned is taken for closed.</summary>
[Flags]
public enum SnapshotPart
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>It is the first one.</summary>
    First = 1,

    /// <summary>It is the last one.</summary>
    Last = 2,
}

/// <summary>A stream that opened or closed.</summary>
/// <param name="Stream">Names the stream among those of its gateway.</param>
/// <param name="Opening">How it opened; null when it closed.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamChange")]
public readonly record struct StreamChange(long Stream, StreamOpening? Opening);

/// <summary>A stream that opened.</summary>
/// <param name="Path">The path of its page.</param>
/// <param name="Kind">How its visitor is known.</param>
/// <param name="Visitor">Who it is.</param>
/// <param name="Before">Who it was before the salt changed at midnight; null when that cannot be.</param>
/// <param name="Issued">The strong identity that the answer gives the browser; null when none.</param>
/// <param name="Picture">A hash of what was asked for, see <see cref="Arrival.Picture"/>.</param>
/// <param name="Load">A hash of what the page load calls itself; 0 when that is not known.</param>
/// <param name="Settles">What makes the browser close it once its page was left.</param>
/// <param name="IsPrerendered">Whether nobody looks at the page yet.</param>
/// <param name="Browser">The browser and its version; null when its probes are not noted.</param>
/// <param name="Network">A keyed hash of the client's network; null where it need not be told apart.</param>
/// <param name="Age">How long ago it opened.</param>
/// <param name="IsAcknowledged">Whether a batch that said so was answered, so that its arrival is counted already.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamOpening")]
public sealed record StreamOpening(
    string Path, IdentityKind Kind, ulong Visitor, ulong? Before, ulong? Issued, ulong Picture, ulong Load, SettledBy Settles, bool IsPrerendered,
    string? Browser, ulong? Network, TimeSpan Age, bool IsAcknowledged);

/// <summary>A number that a gateway shows, and what it last heard of it: an activation that does not know all streams yet publishes nothing lower.</summary>
/// <param name="Key">The number.</param>
/// <param name="Seen">The last total; its version is 0 when there was none.</param>
[GenerateSerializer, Immutable, Alias("counter.ShownNumber")]
public readonly record struct ShownNumber(CountKey Key, CountUpdate Seen);

/// <summary>A browser that has few connections left: those of its streams that count nobody are probed, or ended where nothing settles them.</summary>
/// <param name="Streams">Its streams, those first that are to go first.</param>
/// <param name="MostEnded">How many may be ended.</param>
[GenerateSerializer, Immutable, Alias("counter.CrowdedBrowser")]
public readonly record struct CrowdedBrowser(IReadOnlyList<long> Streams, int MostEnded);

/// <summary>How much is counted at most.</summary>
/// <param name="Sites">The most sites.</param>
/// <param name="Pages">The most pages of all sites.</param>
/// <param name="PagesPerSite">The most pages of this site.</param>
[GenerateSerializer, Immutable, Alias("counter.CountLimits")]
public sealed record CountLimits(int Sites, int Pages, int PagesPerSite);
