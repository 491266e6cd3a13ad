using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <summary>The sites there are, and how each stood when its silo told it last. Pure: nothing goes out. Not safe for concurrent use.</summary>
internal sealed class SiteList
{
    private readonly Dictionary<string, (SiteState Stand, SiloAddress? Silo)> sites = new(StringComparer.Ordinal);
    private readonly Dictionary<SiloAddress, long> marks = [];
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => sites.Count;

    /// <summary>How they stand.</summary>
    public IEnumerable<SiteState> All => sites.Values.Select(s => s.Stand);

    /// <summary>How many pages they have.</summary>
    public long Pages => sites.Values.Sum(s => (long)s.Stand.Status.Pages);

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => sites.Keys;

    /// <summary>Whether what is to be stored has changed since this was set to false.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether there is such a site.</summary>
    public bool Has(string site) => sites.ContainsKey(site);

    /// <summary>A site was stored.</summary>
    public void Restore(SiteState stand) => sites[stand.Status.Count.Key.Site] = (WithoutViewers(stand), null);

    /// <summary>There is a new site.</summary>
    public void Add(string site, DateTimeOffset now)
    {
        removed.Remove(site);
        sites[site] = (new SiteState(new SiteStatus(CountStatus.Unseen(CountKey.ForSite(site)), 0), 0, now), null);
        IsDirty = true;
    }

    /// <summary>Nothing is left of a site.</summary>
    public void Remove(string site)
    {
        removed.Add(site);
        IsDirty |= sites.Remove(site);
    }

    /// <summary>Silos are asked from now on until <see cref="Take"/>; who is removed meanwhile may still be among their answers.</summary>
    public void Ask() => removed.Clear();

    /// <summary>What to ask a silo with.</summary>
    public long MarkOf(SiloAddress silo) => marks.GetValueOrDefault(silo);

    /// <summary>Takes what silos answered.</summary>
    /// <param name="answers">The sites of each that changed since its mark.</param>
    /// <param name="active">The silos there are.</param>
    public void Take(IEnumerable<(SiloAddress Silo, SiteUpdates News)> answers, IReadOnlyCollection<SiloAddress> active)
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

        // Viewers that were counted in a silo that is gone are counted anew where their gateways report them.
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
