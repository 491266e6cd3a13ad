using Counter.Counting.Pages;

namespace Counter.Counting.Cluster;

/// <summary>In which order pages or sites are listed: by a number from high to low, then by name.</summary>
public enum CountOrder
{
    /// <summary>The viewers now.</summary>
    Viewers,

    /// <summary>The most viewers at once.</summary>
    Peak,

    /// <summary>The viewers that ever came.</summary>
    Arrivals,

    /// <summary>Only by name, in ordinal order.</summary>
    Name,
}

/// <summary>Which pages or sites to list.</summary>
/// <param name="Order">In which order.</param>
/// <param name="Contains">What their names contain, upper and lower case being the same; empty for all.</param>
/// <param name="After">The last one that is known already; null to begin at the beginning.</param>
/// <param name="Most">How many to return at most.</param>
[GenerateSerializer, Immutable, Alias("counter.CountQuery")]
public sealed record CountQuery(CountOrder Order, string Contains, CountCursor? After, int Most)
{
    /// <summary>The part of a list that this asks for.</summary>
    /// <param name="all">What there is, in any order.</param>
    /// <param name="status">The numbers of one of them.</param>
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

/// <summary>A place in a list. Numbers change meanwhile, so one that rises past it is met no more and one that falls is met again.</summary>
/// <param name="Value">The number the list is ordered by; 0 when it is by name.</param>
/// <param name="Name">The path of the page, or the site.</param>
[GenerateSerializer, Immutable, Alias("counter.CountPlace")]
public readonly record struct CountCursor(long Value, string Name)
{
    /// <summary>Where a page or site stands in a list of an order.</summary>
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

    /// <summary>Whether this comes after another place.</summary>
    public bool ComesAfter(CountCursor other) =>
        Value < other.Value || (Value == other.Value && string.CompareOrdinal(Name, other.Name) > 0);
}

/// <summary>A site in a list.</summary>
/// <param name="Count">Its numbers.</param>
/// <param name="Pages">How many of its pages are known.</param>
[GenerateSerializer, Immutable, Alias("counter.SiteStatus")]
public sealed record SiteStatus(CountStatus Count, int Pages);
