using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>The sites, each with the last state that its silo reported. It makes no calls. Not safe for concurrent use.</summary>
internal sealed class SiteList
{
    private readonly Dictionary<string, (SiteState Stand, SiloAddress? Silo)> sites = new(StringComparer.Ordinal);
    private readonly Dictionary<SiloAddress, long> marks = [];
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);

    public int Count => sites.Count;

    /// <summary>The states of all sites.</summary>
    public IEnumerable<SiteState> All => sites.Values.Select(s => s.Stand);

    /// <summary>The number of pages of all sites together.</summary>
    public long Pages => sites.Values.Sum(s => (long)s.Stand.Status.Pages);

    public IEnumerable<string> Names => sites.Keys;

    /// <summary>Whether there are unsaved changes. The caller resets it.</summary>
    public bool IsDirty { get; set; }

    public bool Has(string site) => sites.ContainsKey(site);

    /// <summary>Adds a stored site, without viewers.</summary>
    public void Restore(SiteState stand) => sites[stand.Status.Count.Key.Site] = (WithoutViewers(stand), null);

    /// <summary>Adds a new site.</summary>
    public void Add(string site, DateTimeOffset now)
    {
        removed.Remove(site);
        sites[site] = (new SiteState(new SiteStatus(CountStatus.Unseen(CountKey.ForSite(site)), 0), 0, now), null);
        IsDirty = true;
    }

    /// <summary>Removes a site, also from the answers of silos that are being asked.</summary>
    public void Remove(string site)
    {
        removed.Add(site);
        IsDirty |= sites.Remove(site);
    }

    /// <summary>Starts a round of requests to silos. <see cref="Take"/> ends it, and ignores sites that were removed during the round.</summary>
    public void Ask() => removed.Clear();

    /// <summary>The mark for the next request to a silo.</summary>
    public long MarkOf(SiloAddress silo) => marks.GetValueOrDefault(silo);

    /// <summary>Applies the answers of silos.</summary>
    /// <param name="answers">The sites of each silo that changed after its mark.</param>
    /// <param name="active">The active silos.</param>
    public void Take(IEnumerable<(SiloAddress Silo, SiteUpdates Updates)> answers, IReadOnlyCollection<SiloAddress> active)
    {
        foreach (var (silo, status) in answers)
        {
            marks[silo] = status.Mark;
            foreach (var stand in status.Sites.Where(stand => !removed.Contains(stand.Status.Count.Key.Site)))
            {
                sites[stand.Status.Count.Key.Site] = (stand, silo);
                IsDirty = true;
            }
        }

        // Another silo counts the viewers of a lost silo again when their gateways report them.
        foreach (var (site, (stand, silo)) in sites.ToList())
        {
            if (silo is not null && !active.Contains(silo))
            {
                sites[site] = (WithoutViewers(stand), null);
            }
        }

        foreach (var gone in marks.Keys.Where(silo => !active.Contains(silo)).ToList())
        {
            marks.Remove(gone);
        }
    }

    private static SiteState WithoutViewers(SiteState stand) =>
        stand with { Status = stand.Status with { Count = stand.Status.Count with { Viewers = 0 } }, ActivePages = 0 };
}
