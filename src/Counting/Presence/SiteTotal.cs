using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// A total of a page or of the site that gateways show: the answer of the grain that keeps it, and the arrivals since. Not safe for concurrent use.
/// </summary>
/// <remarks>It never falls, except when a day begins, or when the grain has another first viewer than before because it was reset.</remarks>
/// <param name="key">The key of the total.</param>
/// <param name="opened">The version at which it was opened.</param>
/// <param name="of">The number of the page or site.</param>
/// <param name="zone">The time zone of <see cref="CountOf.Today"/>; otherwise null.</param>
internal sealed class SiteTotal(CountKey key, long opened, SiteNumber of, TimeZoneInfo? zone) : SiteNumber(key, opened)
{
    // The grain's total and first viewer, and the arrivals here that are part of the total.
    private (long Total, DateTimeOffset? First, long Included)? answer;

    // What a gateway saw of an earlier activation, and what this one has counted.
    private (long Total, long Version) seen;
    private long counted;
    private long? current;

    /// <summary>The number of the page or site.</summary>
    public SiteNumber Of => of;

    /// <summary>The current day. Null for other totals.</summary>
    public ZoneDay? Day { get; private set; }

    /// <summary>Whether it waits for a question to the grain.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The most viewers since the last question.</summary>
    public int Highest { get; set; }

    /// <summary>Whether the answer is older than the first viewer, or is a peak that was exceeded.</summary>
    public bool IsOutdated => answer is { } known && ((known.First is null && of.Counted > 0) || (Key.Of == CountOf.Peak && Highest > known.Total));

    /// <inheritdoc/>
    public override bool IsUnused => ShownAt.Count == 0;

    /// <inheritdoc/>
    public override bool IsKnown => current is not null;

    /// <summary>Starts the day of a time, with no arrivals.</summary>
    public void BeginDay(DateTimeOffset now)
    {
        if (zone is not null)
        {
            Day = ZoneDay.Of(zone, now);
            (seen, counted) = (default, 0);
            answer = answer is { } known ? (0, known.First, of.Arrivals) : null;
        }
    }

    /// <summary>Takes the answer of the grain, which includes every report that was confirmed.</summary>
    /// <param name="total">The total.</param>
    /// <param name="first">The time of the first viewer. Null for none.</param>
    public void Take(long total, DateTimeOffset? first)
    {
        if (answer is { } known && known.First != first)
        {
            counted = 0;
        }

        // A page of which the store knows nothing may have lost its silo before it was stored.
        if (answer?.First is { } before ? before != first : answer is null && first?.ToUnixTimeMilliseconds() > seen.Version)
        {
            seen = default;
        }

        answer = (total, first, of.Counted);
    }

    /// <summary>So many arrivals are no longer among those of the page. The total still includes them.</summary>
    public void Rebase(long arrivals) => answer = answer is { } known ? known with { Included = known.Included - arrivals } : null;

    /// <inheritdoc/>
    public override void Raise(CountUpdate seen)
    {
        // Versions are times: what was seen yesterday is no part of today.
        if (!(seen.Version < Day?.Start.ToUnixTimeMilliseconds()))
        {
            this.seen = (Math.Max(this.seen.Total, seen.Viewers), Math.Max(this.seen.Version, seen.Version));
        }
    }

    /// <inheritdoc/>
    public override bool Update(bool isResyncing)
    {
        if (answer is not { } known)
        {
            return false;
        }

        counted = Math.Max(counted, known.Total + (Key.Of == CountOf.Peak ? 0 : of.Arrivals - known.Included));
        var next = Math.Max(seen.Total, counted);
        (var changed, current) = (current != next, next);
        return changed;
    }

    /// <inheritdoc/>
    public override CountUpdate Total(long activation) => new(Key, Version, current ?? 0, Trace: null, activation);
}
