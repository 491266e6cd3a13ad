using Counter.Counting.Pages;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Numbers;

/// <summary>The distinct pages of a request that names several.</summary>
/// <param name="numbers">Their numbers.</param>
/// <param name="names">The texts of the request, each with the place of its page. Several may be one page.</param>
internal sealed class PageList(IReadOnlyList<CountKey> numbers, IReadOnlyDictionary<string, int> names)
{
    /// <summary>The most pages of a request.</summary>
    public const int Most = 100;

    /// <summary>Their numbers.</summary>
    public IReadOnlyList<CountKey> Numbers => numbers;

    /// <summary>The viewers by the texts of the request, so that a script need not know how pages are normalised.</summary>
    /// <param name="displayed">The numbers, in the order of <see cref="Numbers"/>. Null for a page that is left out.</param>
    public Dictionary<string, long> Name(IReadOnlyList<DisplayedCount?> displayed)
    {
        var named = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, place) in names)
        {
            if (displayed[place] is { } number)
            {
                named.Add(name, number.Viewers);
            }
        }

        return named;
    }
}
