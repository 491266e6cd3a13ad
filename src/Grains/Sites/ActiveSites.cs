using System.Collections.Concurrent;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>What the silo sees of an active site grain. The grain writes it; any thread of the silo may read it.</summary>
internal sealed class ActiveSite(ISiteGrain grain) : ActiveGrain
{
    private volatile SiteState? stand;
    private volatile bool isInDoubt;
    private long mark;

    public ISiteGrain Grain { get; } = grain;

    /// <summary>The state of the site; null while it has no pages.</summary>
    public SiteState? Stand => stand;

    public override bool HasViewers => stand?.Status.Count.Viewers > 0;

    public override Task SaveAsync() => Grain.SaveAsync();

    /// <summary>Increases when <see cref="Stand"/> changes.</summary>
    public long Mark => Interlocked.Read(ref mark);

    /// <summary>Whether the site must soon ask its presence which pages have viewers.</summary>
    public bool IsInDoubt { get => isInDoubt; set => isInDoubt = value; }

    /// <summary>When the site last asked its presence. Only the silo's service uses it.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Sets the state and its mark.</summary>
    public void Set(SiteState? stands, long at)
    {
        stand = stands;
        Interlocked.Exchange(ref mark, at);
    }
}

/// <summary>The active site grains of this silo. Safe for concurrent use.</summary>
internal sealed class ActiveSites
{
    private readonly ConcurrentDictionary<ActiveSite, byte> sites = [];
    private const int MostListed = 100_000;

    private readonly ConcurrentDictionary<string, byte> listed = new(StringComparer.Ordinal);
    private readonly Lock marking = new();
    private long mark;

    public IEnumerable<ActiveSite> All => sites.Select(s => s.Key);

    public void Add(ActiveSite site) => sites[site] = 0;

    public void Remove(ActiveSite site) => sites.TryRemove(site, out _);

    /// <summary>Whether the directory has listed a site before, on any silo. After a deletion the site's grain asks the directory again.</summary>
    public bool IsListed(string site) => listed.ContainsKey(site);

    /// <summary>Remembers that the directory lists a site.</summary>
    public void List(string site)
    {
        if (listed.Count >= MostListed)
        {
            listed.Clear();
        }

        listed[site] = 0;
    }

    /// <summary>Sets the state of a site, with a new mark.</summary>
    public void Set(ActiveSite site, SiteState? stand)
    {
        lock (marking)
        {
            site.Set(stand, ++mark);
        }
    }

    /// <summary>The sites that changed after a mark.</summary>
    public SiteUpdates ChangesAfter(long after)
    {
        // The lock makes sure that every site shows its changes up to the returned mark.
        lock (marking)
        {
            return new SiteUpdates(mark, [.. All.Where(s => s.Mark > after).Select(s => s.Stand).OfType<SiteState>()]);
        }
    }
}
