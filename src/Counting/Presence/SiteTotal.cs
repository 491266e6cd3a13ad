using Counter.Counting.History;
using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>
/// A total of a page or of the site that gateways show: what the grain that keeps it answered, and what came since. Not safe for concurrent use.
/// </summary>
/// <remarks>It never falls, unless a day begins or the grain began anew, which has another first viewer then.</remarks>
/// <param name="key">Which total.</param>
/// <param name="opened">A version.</param>
/// <param name="of">The number of the page or site.</param>
/// <param name="zone">Where <see cref="CountOf.Today"/> has its midnight; else null.</param>
internal sealed class SiteTotal(CountKey key, long opened, SiteNumber of, TimeZoneInfo? zone) : SiteNumber(key, opened)
{
    // What the grain has, when its first viewer came, and how many of the arrivals here are part of that.
    private (long Total, DateTimeOffset? First, long Included)? answer;
    private long least;
    private long? told;
    private long seenAt;

    /// <summary>The number of the page or site.</summary>
    public SiteNumber Of => of;

    /// <summary>The day that is counted; null for other totals.</summary>
    public ZoneDay? Day { get; private set; }

    /// <summary>Whether it waits to be asked for.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The most viewers since it was asked for.</summary>
    public int Highest { get; set; }

    /// <summary>Whether the answer is from before the first viewer, or it is a peak that has been exceeded.</summary>
    public bool IsOutdated => answer is { } known && ((known.First is null && of.Counted > 0) || (Key.Of == CountOf.Peak && Highest > known.Total));

    /// <inheritdoc/>
    public override bool IsUnused => ShownAt.Count == 0;

    /// <inheritdoc/>
    public override bool IsKnown => told is not null;

    /// <summary>A day begins, on which nobody has come yet.</summary>
    public void BeginDay(DateTimeOffset now)
    {
        if (zone is not null)
        {
            Day = ZoneDay.Of(zone, now);
            least = 0;
            answer = answer is { } known ? (0, known.First, of.Arrivals) : null;
        }
    }

    /// <summary>Takes the answer of the grain that keeps it, which has all that was reported and taken.</summary>
    /// <param name="total">The total.</param>
    /// <param name="first">When the first viewer came; null when none did.</param>
    public void Take(long total, DateTimeOffset? first)
    {
        if (answer?.First is { } known ? known != first : answer is null && first?.ToUnixTimeMilliseconds() > seenAt)
        {
            least = 0;
        }

        answer = (total, first, of.Counted);
    }

    /// <inheritdoc/>
    public override void Raise(CountUpdate seen)
    {
        // Versions are times: what was seen yesterday is no part of today.
        if (!(seen.Version < Day?.Start.ToUnixTimeMilliseconds()))
        {
            (least, seenAt) = (Math.Max(least, seen.Viewers), Math.Max(seenAt, seen.Version));
        }
    }

    /// <inheritdoc/>
    public override bool Update(bool isResyncing)
    {
        if (answer is not { } known)
        {
            return false;
        }

        least = Math.Max(least, known.Total + (Key.Of == CountOf.Peak ? 0 : of.Arrivals - known.Included));
        (var changed, told) = (told != least, least);
        return changed;
    }

    /// <inheritdoc/>
    public override CountUpdate Total(long activation) => new(Key, Version, told ?? 0, Trace: null, activation);
}
