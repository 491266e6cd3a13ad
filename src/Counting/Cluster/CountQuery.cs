using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>The order of a list of pages or sites: by a number from high to low, then by name.</summary>
public enum CountOrder
{
    /// <summary>The viewers now.</summary>
    Viewers,

    /// <summary>The most viewers at once.</summary>
    Peak,

    /// <summary>All viewers that ever arrived.</summary>
    Arrivals,

    /// <summary>By name only, in ordinal order.</summary>
    Name,
}

/// <summary>Which pages or sites to list.</summary>
/// <param name="Order">The order of the list.</param>
/// <param name="Contains">The text that names must contain, ignoring case; empty for all.</param>
/// <param name="After">The last item of the part before; null for the first part.</param>
/// <param name="Most">The most items to return.</param>
[GenerateSerializer, Immutable, Alias("counter.CountQuery")]
public sealed record CountQuery(CountOrder Order, string Contains, CountCursor? After, int Most)
{
    /// <summary>Selects the requested part of a list.</summary>
    /// <param name="all">All items, in any order.</param>
    /// <param name="status">Returns the numbers of an item.</param>
    public IReadOnlyList<T> Select<T>(IEnumerable<T> all, Func<T, CountStatus> status) =>
    [
        .. all
            .Select(item => (Item: item, Place: CountCursor.Of(status(item), Order)))
            .Where(x => x.Place.Name.Contains(Contains, StringComparison.OrdinalIgnoreCase))
            .Where(x => After is not { } after || x.Place.ComesAfter(after))
            .OrderByDescending(x => x.Place.Value).ThenBy(x => x.Place.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(x => x.Item),
    ];
}

/// <summary>
/// A place in a list. Numbers change between requests, so an item that rises past the place is missed and one that falls below it is
/// listed again.
/// </summary>
/// <param name="Value">The number that the list is ordered by; 0 for a list by name.</param>
/// <param name="Name">The path of the page, or the site.</param>
[GenerateSerializer, Immutable, Alias("counter.CountPlace")]
public readonly record struct CountCursor(long Value, string Name)
{
    /// <summary>The place of a page or site in a list.</summary>
    public static CountCursor Of(CountStatus status, CountOrder order)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new CountCursor(
            order switch
            {
                CountOrder.Viewers => status.Viewers,
                CountOrder.Peak => status.Peak,
                CountOrder.Arrivals => status.Arrivals,
                _ => 0,
            },
            status.Key.Of == CountOf.Page ? status.Key.Path : status.Key.Site);
    }

    /// <summary>Whether this place comes after another.</summary>
    public bool ComesAfter(CountCursor other) =>
        Value < other.Value || (Value == other.Value && string.CompareOrdinal(Name, other.Name) > 0);
}

/// <summary>A site in a list.</summary>
/// <param name="Count">Its numbers.</param>
/// <param name="Pages">The number of its known pages.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteStatus")]
public sealed record SiteStatus(CountStatus Count, int Pages);
