using System.Collections.Concurrent;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>A site whose grain is in this silo, as others in the silo may see it. The grain writes it, anybody reads it.</summary>
internal sealed class ActiveSite(ISiteGrain grain) : ActiveGrain
{
    private volatile SiteState? stand;
    private volatile bool isInDoubt;
    private long mark;

    /// <summary>The grain.</summary>
    public ISiteGrain Grain { get; } = grain;

    /// <summary>How it stands; null when nothing is known of it.</summary>
    public SiteState? Stand => stand;

    public override bool HasViewers => stand?.Status.Count.Viewers > 0;

    public override Task SaveAsync() => Grain.SaveAsync();

    /// <summary>Rises when <see cref="Stand"/> changes.</summary>
    public long Mark => Interlocked.Read(ref mark);

    /// <summary>Whether its pages are to be asked soon.</summary>
    public bool IsInDoubt { get => isInDoubt; set => isInDoubt = value; }

    /// <summary>When its pages were asked last; read and written by the silo's service only.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>It stands otherwise from a mark on.</summary>
    public void Set(SiteState? stands, long at)
    {
        stand = stands;
        Interlocked.Exchange(ref mark, at);
    }
}

/// <summary>The sites whose grains are in this silo. Safe for concurrent use.</summary>
internal sealed class ActiveSites
{
    private readonly ConcurrentDictionary<ActiveSite, byte> sites = [];
    private const int MostListed = 100_000;

    private readonly ConcurrentDictionary<string, byte> listed = new(StringComparer.Ordinal);
    private readonly Lock marking = new();
    private long mark;

    /// <summary>All of them.</summary>
    public IEnumerable<ActiveSite> All => sites.Select(s => s.Key);

    /// <summary>A grain was activated.</summary>
    public void Add(ActiveSite site) => sites[site] = 0;

    /// <summary>A grain has left.</summary>
    public void Remove(ActiveSite site) => sites.TryRemove(site, out _);

    /// <summary>Whether the directory once listed a site, wherever its grain is. The grain of one that is deleted asks again by itself.</summary>
    public bool IsListed(string site) => listed.ContainsKey(site);

    /// <summary>The directory lists a site.</summary>
    public void List(string site)
    {
        if (listed.Count >= MostListed)
        {
            listed.Clear();
        }

        listed[site] = 0;
    }

    /// <summary>A site stands otherwise.</summary>
    public void Set(ActiveSite site, SiteState? stand)
    {
        lock (marking)
        {
            site.Set(stand, ++mark);
        }
    }

    /// <summary>The sites that changed since a mark.</summary>
    public SiteUpdates ChangesAfter(long after)
    {
        // No site has a mark up to this one that it does not show yet.
        lock (marking)
        {
            return new SiteUpdates(mark, [.. All.Where(s => s.Mark > after).Select(s => s.Stand).OfType<SiteState>()]);
        }
    }
}
