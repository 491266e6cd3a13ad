using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <summary>
/// Divides the pages of a site into parts that are stored separately, so that a change of one page of 100,000 does not write all. It tracks which
/// parts have changed. It makes no calls. Not safe for concurrent use.
/// </summary>
internal sealed class SiteParts
{
    /// <summary>The average number of pages in a part. A site with at most this many is stored in one part.</summary>
    public const int PagesPerPart = 500;

    private readonly HashSet<int> changed = [];

    /// <summary>The number of parts, a power of two.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Marks the part of a page that changed or was removed.</summary>
    public void Change(string path) => changed.Add(PartOf(path));

    /// <summary>Sets the number of stored parts.</summary>
    public void Restore(int count) => Count = Math.Max(1, count);

    /// <summary>
    /// Returns the parts that changed since the last call; none while there is only one part. When the pages need more parts, it increases their
    /// number and returns all.
    /// </summary>
    public IReadOnlyList<SitePart> TakeChanged(IReadOnlyCollection<PageStatus> pages)
    {
        if (pages.Count > Count * PagesPerPart)
        {
            // The pages can double before the parts increase again.
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

    /// <summary>Marks parts as changed again that could not be stored.</summary>
    public void GiveBack(IEnumerable<SitePart> parts) => changed.UnionWith(parts.Select(part => part.Number));

    private int PartOf(string path) => Count == 1 ? 0 : (int)(XxHash32.HashToUInt32(MemoryMarshal.AsBytes(path.AsSpan())) & (uint)(Count - 1));
}

/// <summary>One part of a site's pages.</summary>
/// <param name="Number">The number of the part, from 0.</param>
/// <param name="Pages">The pages in the part.</param>
internal sealed record SitePart(int Number, IReadOnlyList<PageStatus> Pages);
