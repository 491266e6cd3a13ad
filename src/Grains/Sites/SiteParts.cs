using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>
/// Divides the pages of a site into parts that are stored one by one, so that a change of one page of 100,000 is not the writing of all, and knows which
/// parts have changed. Pure. Not safe for concurrent use.
/// </summary>
internal sealed class SiteParts
{
    /// <summary>The pages of a part on the average; no more of a site than these are one part.</summary>
    public const int PagesPerPart = 500;

    private readonly HashSet<int> changed = [];

    /// <summary>How many parts there are, a power of two.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Something about a page has changed, or it is gone.</summary>
    public void Change(string path) => changed.Add(PartOf(path));

    /// <summary>Takes the number of parts that are stored.</summary>
    public void Restore(int count) => Count = Math.Max(1, count);

    /// <summary>
    /// The parts that have changed since the last time; none while there is but one. When there are too few parts for the pages, there are more
    /// afterwards, and all have changed.
    /// </summary>
    public IReadOnlyList<SitePart> TakeChanged(IReadOnlyCollection<PageStatus> pages)
    {
        if (pages.Count > Count * PagesPerPart)
        {
            // As many again fit in before there have to be more.
            Count = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * pages.Count / PagesPerPart));
            changed.UnionWith(Enumerable.Range(0, Count));
        }

        if (Count == 1)
        {
            return [];
        }

        var taken = changed.ToDictionary(number => number, _ => new List<PageStatus>());
        changed.Clear();
        foreach (var page in taken.Count > 0 ? pages : [])
        {
            if (taken.TryGetValue(PartOf(page.Path), out var part))
            {
                part.Add(page);
            }
        }

        return [.. taken.Select(part => new SitePart(part.Key, part.Value))];
    }

    /// <summary>What could not be stored is still to be.</summary>
    public void GiveBack(IEnumerable<SitePart> parts) => changed.UnionWith(parts.Select(part => part.Number));

    private int PartOf(string path) => Count == 1 ? 0 : (int)(XxHash32.HashToUInt32(MemoryMarshal.AsBytes(path.AsSpan())) & (uint)(Count - 1));
}

/// <summary>One part of a site's pages.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="Pages">The pages in it.</param>
internal sealed record SitePart(int Number, IReadOnlyList<PageStatus> Pages);
