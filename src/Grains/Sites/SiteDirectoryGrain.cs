using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Grains.Documents;
using Counter.Grains.Gateways;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Sites;

/// <inheritdoc cref="ISiteDirectoryGrain"/>
/// <remarks>
/// The grain asks the silos which sites have changed since it last asked. For sites that are not in memory it keeps the last known state. The
/// answers about active sites also restore sites that are missing in an outdated stored list.
/// </remarks>
[Reentrant]
internal sealed partial class SiteDirectoryGrain(
    [PersistentState("directory", CountingOptions.Storage)] IPersistentState<StoredBytes> stored, CountingOptions options, ISilos silos,
    StoreHealth store, ILogger<SiteDirectoryGrain> log)
    : Grain, ISiteDirectoryGrain
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    private readonly SiteList sites = new();
    private SerialAction asking = null!;
    private long writer;
    private bool isSaving;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        writer = stored.NextWriter(options.Now);
        asking = new SerialAction(AskAsync);
        searching = new SerialAction(SearchAsync);
        beganAt = options.Clock.GetTimestamp();
        var known = stored.State.TryRead(StoredJson.Default.StoredDirectory, list => list, log);
        tidiedUpTo = known?.TidiedUpTo ?? options.Now;
        foreach (var site in known?.Sites ?? [])
        {
            sites.Restore(site);
        }

        this.RegisterGrainTimer(OnTimerAsync, new GrainTimerCreationOptions(Round, Round) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync();

    public async Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<string> more, int most)
    {
        if (sites.Count + more.Count(site => !sites.Has(site)) - most is > 0 and var over)
        {
            tooMany.Sites = Math.Max(tooMany.Sites, Math.Max(over, most / Part));
            await searching.RunAsync();
        }

        var refused = new List<string>();
        foreach (var site in more.Where(site => !sites.Has(site)))
        {
            if (sites.Count < most)
            {
                sites.Add(site, options.Now);
            }
            else
            {
                refused.Add(site);
            }
        }

        return refused;
    }

    public Task RemoveAsync(string site)
    {
        sites.Remove(site);
        return Task.CompletedTask;
    }

    public async Task<ClusterTotals> TotalsAsync()
    {
        await asking.RunAsync();
        var registered = await RegisteredAsync();
        var all = sites.All.ToList();
        return new ClusterTotals(
            (int)Math.Min(int.MaxValue, all.Sum(s => (long)s.Status.Count.Viewers)),
            all.Sum(s => s.Status.Count.Arrivals),
            all.Sum(s => s.ActivePages),
            all.Sum(s => s.Status.Pages),
            sites.Count + registered.Count(site => !sites.Has(site)));
    }

    public async Task<IReadOnlyList<SiteStatus>> ListAsync(CountQuery query)
    {
        await asking.RunAsync();
        var others = (await RegisteredAsync()).Where(site => !sites.Has(site)).Select(site => new SiteStatus(CountStatus.Unseen(CountKey.ForSite(site)), 0));
        return query.Select(sites.All.Select(s => s.Status).Concat(others), s => s.Count);
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

    private Task<IReadOnlyCollection<string>> RegisteredAsync() => GrainFactory.GetGrain<IDocumentsGrain>(0).IdsAsync(DocumentKind.Site);

    private async Task OnTimerAsync(CancellationToken cancellationToken)
    {
        await asking.RunAsync();
        await TidyAsync();
        await SaveAsync();
    }

    private async Task AskAsync()
    {
        sites.Ask();
        sites.Take(await silos.AskAllAsync((address, silo) => silo.SitesAsync(sites.MarkOf(address))), silos.Active);
    }

    private async Task SaveAsync()
    {
        // While the store fails, this write also tests the store, even when nothing has changed.
        if (!(sites.IsDirty || store.IsFailing) || isSaving)
        {
            return;
        }

        (isSaving, sites.IsDirty) = (true, false);
        try
        {
            stored.State.Write(new StoredDirectory([.. sites.All], tidiedUpTo), StoredJson.Default.StoredDirectory);
            if (!await stored.TryWriteAsync(writer))
            {
                DeactivateOnIdle();
            }

            store.Work();
        }
        catch (Exception e)
        {
            sites.IsDirty = true;
            store.Fail(e);
        }
        finally
        {
            isSaving = false;
        }
    }
}
