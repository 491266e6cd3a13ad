using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Grains.Documents;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Sites;

/// <inheritdoc cref="ISiteDirectoryGrain"/>
/// <remarks>
/// How sites stand is asked of the silos, which tell what changed since they were asked last; of sites that are in no silo's memory
/// it is known from before. A list that was not stored in time is made whole by those who are told of the sites that are active.
/// </remarks>
[Reentrant]
internal sealed class SiteDirectoryGrain(
    [PersistentState("directory", CountingOptions.Storage)] IPersistentState<StoredBytes> stored, CountingOptions options, ISilos silos,
    ILogger<SiteDirectoryGrain> log)
    : Grain, ISiteDirectoryGrain
{
    private const int SitesAtOnce = 100;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenClearings = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTidyings = TimeSpan.FromHours(24);

    private readonly Dictionary<string, (SiteStand Stand, SiloAddress? Silo)> sites = new(StringComparer.Ordinal);
    private readonly Dictionary<SiloAddress, long> marks = [];
    private OneAtATime asking = null!;
    private DateTimeOffset tidiedAt = options.Now;
    private DateTimeOffset crowdedAt;
    private bool isCrowded;
    private bool isDirty;
    private bool isSaving;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        asking = new OneAtATime(AskAsync);
        foreach (var site in stored.State.TryRead(StoredJson.Default.StoredDirectory, list => list.Sites, log) ?? [])
        {
            sites[site.Status.Count.Key.Site] = (WithoutViewers(site), null);
        }

        this.RegisterGrainTimer(OnTimerAsync, new GrainTimerCreationOptions(Round, Round) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync();

    public Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<string> more, int most)
    {
        var refused = new List<string>();
        foreach (var site in more.Where(site => !sites.ContainsKey(site)))
        {
            if (sites.Count < most)
            {
                sites[site] = (new SiteStand(Unseen(site), 0), null);
                isDirty = true;
            }
            else
            {
                // Room is made for whoever asks again: every site is looked at, so not for every refusal.
                isCrowded = true;
                refused.Add(site);
            }
        }

        return Task.FromResult<IReadOnlyList<string>>(refused);
    }

    public Task RemoveAsync(string site)
    {
        isDirty |= sites.Remove(site);
        return Task.CompletedTask;
    }

    public async Task<ClusterTotals> TotalsAsync()
    {
        await asking.RunAsync();
        var registered = await RegisteredAsync();
        var all = sites.Values.Select(s => s.Stand).ToList();
        return new ClusterTotals(
            (int)Math.Min(int.MaxValue, all.Sum(s => (long)s.Status.Count.Viewers)),
            all.Sum(s => s.Status.Count.Arrivals),
            all.Sum(s => s.ActivePages),
            all.Sum(s => s.Status.Pages),
            sites.Count + registered.Count(site => !sites.ContainsKey(site)));
    }

    public async Task<IReadOnlyList<SiteStatus>> ListAsync(CountQuery query)
    {
        await asking.RunAsync();
        var others = (await RegisteredAsync()).Where(site => !sites.ContainsKey(site)).Select(Unseen);
        return query.Select(sites.Values.Select(s => s.Stand.Status).Concat(others), s => s.Count);
    }

    public async Task<IReadOnlyList<CountStatus>> BusiestAsync(int most)
    {
        var busiest = await silos.AskAllAsync((_, silo) => silo.BusiestAsync(most));
        return
        [
            .. busiest.SelectMany(b => b.Answer).DistinctBy(p => p.Key).OrderByDescending(p => p.Viewers)
                .ThenBy(p => p.Key.Site, StringComparer.Ordinal).ThenBy(p => p.Key.Path, StringComparer.Ordinal).Take(most),
        ];
    }

    public async Task TidyAsync()
    {
        var crowded = isCrowded && (options.Now - crowdedAt).Duration() >= BetweenClearings;
        if (!crowded && (options.Now - tidiedAt).Duration() < BetweenTidyings)
        {
            return;
        }

        isCrowded = false;
        (crowdedAt, tidiedAt) = (crowded ? options.Now : crowdedAt, options.Now);
        foreach (var some in sites.Keys.Chunk(SitesAtOnce))
        {
            await Task.WhenAll(some.Select(site => GrainFactory.GetGrain<ISiteGrain>(site).TidyAsync(crowded)));
        }
    }

    private static SiteStatus Unseen(string site) => new(new CountStatus(CountKey.ForSite(site), 0, 0, null, 0, null), 0);

    private static SiteStand WithoutViewers(SiteStand stand) =>
        new(stand.Status with { Count = stand.Status.Count with { Viewers = 0 } }, 0);

    private Task<IReadOnlyCollection<string>> RegisteredAsync() => GrainFactory.GetGrain<IDocumentsGrain>(0).IdsAsync(DocumentKind.Site);

    private async Task OnTimerAsync(CancellationToken cancellationToken)
    {
        await asking.RunAsync();
        await TidyAsync();
        await SaveAsync();
    }

    private async Task AskAsync()
    {
        var answers = await silos.AskAllAsync((address, silo) => silo.SitesAsync(marks.GetValueOrDefault(address)));
        foreach (var (address, news) in answers)
        {
            marks[address] = news.Mark;
            foreach (var stand in news.Sites)
            {
                sites[stand.Status.Count.Key.Site] = (stand, address);
                isDirty = true;
            }
        }

        // Viewers that were counted in a silo that is gone are counted anew where their gateways report them.
        var active = silos.Active;
        foreach (var (site, (stand, silo)) in sites.ToList())
        {
            if (silo is not null && !active.Contains(silo))
            {
                sites[site] = (WithoutViewers(stand), null);
            }
        }

        foreach (var gone in marks.Keys.Where(address => !active.Contains(address)).ToList())
        {
            marks.Remove(gone);
        }
    }

    private async Task SaveAsync()
    {
        if (!isDirty || isSaving)
        {
            return;
        }

        (isSaving, isDirty) = (true, false);
        try
        {
            stored.State.Write(new StoredDirectory([.. sites.Values.Select(s => s.Stand)]), StoredJson.Default.StoredDirectory);
            await stored.WriteOverAsync();
        }
        catch
        {
            isDirty = true;
            throw;
        }
        finally
        {
            isSaving = false;
        }
    }
}
