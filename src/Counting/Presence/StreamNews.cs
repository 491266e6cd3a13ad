using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>What one gateway tells the others about one of its streams. It lives in memory only, here and there.</summary>
/// <param name="Number">Names the stream among those of its gateway.</param>
public abstract record StreamNews(long Number);

/// <summary>A stream is open. Said again when its gateway has changed its mind about whose it is or which view it belongs to.</summary>
/// <param name="Number">Names the stream among those of its gateway.</param>
/// <param name="View">The view it belongs to.</param>
/// <param name="Stamp">When the view began, in an order that all gateways agree on (<see cref="Stamps"/>).</param>
/// <param name="Age">How long ago that was.</param>
/// <param name="Page">The page.</param>
/// <param name="Visitor">Whose it is.</param>
/// <param name="Picture">A hash of what was asked for: only compared.</param>
public sealed record StreamOpened(
    long Number, ViewName View, long Stamp, TimeSpan Age, PageKey Page, VisitorKey Visitor, ulong Picture) : StreamNews(Number)
{
    /// <summary>Who the visitor was before the salt changed; see <see cref="Arrival.Before"/>.</summary>
    public VisitorKey? Before { get; init; }

    /// <summary>The identity its browser was given and may come back with.</summary>
    public VisitorKey? Issued { get; init; }

    /// <summary>
    /// Who its visitor was taken for until its browser came back with what it was given: who still thinks so may have missed that.
    /// </summary>
    public FormerVisitor? Was { get; init; }

    /// <summary>A hash of what its page load calls itself; 0 when it does not say.</summary>
    public ulong Load { get; init; }

    /// <summary>What settles it; see <see cref="Arrival.Settles"/>.</summary>
    public SettledBy Settles { get; init; }

    /// <summary>Whether nobody looks at its page yet; see <see cref="Arrival.Prerendered"/>.</summary>
    public bool Prerendered { get; init; }
}

/// <summary>A stream has closed.</summary>
/// <param name="Number">Names the stream among those of its gateway.</param>
public sealed record StreamClosed(long Number) : StreamNews(Number);
