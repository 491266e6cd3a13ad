using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Counter.Grains.Presence;
using Counter.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Counter.Grains.Sites;

/// <inheritdoc cref="ISiteGrain"/>
/// <remarks>
/// A report changes the sum in one step, after all its pages have answered. So a viewer who goes from one page to another within a report is never
/// counted twice. Any request can name any site, so a site without viewers deactivates soon.
/// </remarks>
[Reentrant]
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class SiteGrain(
    [PersistentState("site", CountingOptions.Storage)] IPersistentState<StoredBytes> stored,
    [FromKeyedServices(CountingOptions.Storage)] IGrainStorage storage,
    CountingOptions options, ActiveSites sites, WebhookCache webhooks, StoreHealth store, ILogger<SiteGrain> log) : Grain, ISiteGrain
{
    private SitePages pages = null!;
    private ActiveSite active = null!;
    private bool isListed;
    private bool isKept;

    private string Site => this.GetPrimaryKeyString();

    private DateTimeOffset Now => options.Now;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        writer = stored.NextWriter(Now);
        await RestoreAsync();
        active = new ActiveSite(this.AsReference<ISiteGrain>())
        {
            SavedAt = Now,
            AskedAt = Now,

            // The presence may have reported viewers to an earlier activation.
            IsInDoubt = pages.Count > 0 && options.AskInterval < TimeSpan.MaxValue,
        };
        sites.Add(active);
        granted = pages.Count + Grant;
        if (pages.Count > 0)
        {
            // The stored list of sites may be outdated and lack this site.
            sites.Set(active, pages.Stand);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync();
        }
        catch (Exception e)
        {
            store.Lose(e);
        }
        finally
        {
            judgingLater?.Dispose();
            sites.Remove(active);
        }
    }

    public async Task<SiteReply> ReportAsync(MostCounted most, IReadOnlyList<PageReport> reports)
    {
        if (!isListed && !(isListed = await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).AddAsync([Site], most.Sites) is { Count: 0 }))
        {
            return new SiteReply([.. reports.Select(report => report.Page.Path)], 0);
        }

        var taken = await ReserveAsync(reports, most);
        try
        {
            var answers = reports.Where((_, i) => taken[i]).Select(report => (Report: report, Status: Page(report.Page.Path).ApplyAsync(report))).ToList();
            await SettledAsync(answers.Select(answer => answer.Status));
            var newest = 0L;
            foreach (var (report, answer) in answers.Where(answer => answer.Status.IsCompletedSuccessfully))
            {
                var status = await answer;
                pages.Apply(status);
                newest = status.Version > report.Sequence ? Math.Max(newest, status.Version) : newest;
            }

            // Pages that answered are counted. If one failed, the presence gets the exception and reports all of these pages again.
            Settle();
            _ = Judge();
            await Task.WhenAll(answers.Select(answer => answer.Status));
            return new SiteReply([.. reports.Where((_, i) => !taken[i]).Select(report => report.Page.Path)], newest);
        }
        finally
        {
            foreach (var report in reports)
            {
                pages.Release(report.Page.Path);
            }
        }
    }

    public async Task AskAsync()
    {
        var presence = GrainFactory.Find<IPresenceGrain>(Site);
        if (await presence.PagesAsync() is not { } known)
        {
            return;
        }

        var viewed = known.ToDictionary(report => report.Page.Path, StringComparer.Ordinal);
        foreach (var some in pages.Viewed.Where(page => !viewed.ContainsKey(page.Path)).ToList().Chunk(PagesAtOnce))
        {
            // These reports have the next version number, so that a report that arrives meanwhile is newer.
            var gone = some.Select(page => new PageReport(new PageKey(Site, page.Path), 0, page.Version + 1, 0, 0));
            foreach (var status in await Task.WhenAll(gone.Select(report => Page(report.Page.Path).ApplyAsync(report))))
            {
                pages.Apply(status);
            }
        }

        if (known.Any(report => pages.Find(report.Page.Path)?.Viewers != report.Viewers))
        {
            await presence.ReportAllAsync();
        }

        active.IsInDoubt = false;
        Settle();
        _ = Judge();
    }

    public Task<CountStatus> GetAsync(CountKey key) => Task.FromResult(
        key.Of == CountOf.Site ? pages.Tally.Status(key) : pages.Find(key.Path)?.Status(Site) ?? CountStatus.Unseen(key));

    public async Task<IReadOnlyList<HistoryPoint>> HistoryAsync(CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to) =>
        key.Of == CountOf.Site ? pages.Tally.Read(step, from, to, Now)
        : pages.Find(key.Path) is not null ? await Page(key.Path).HistoryAsync(Site, key.Path, step, from, to)
        : new Tally(Now).Read(step, from, to, Now);

    public Task<IReadOnlyList<CountStatus>> PagesAsync(CountQuery query) =>
        Task.FromResult(query.Select(pages.All.Select(p => p.Status(Site)), p => p));

    /// <summary>Waits for all tasks, whether they succeed or fail.</summary>
    private static Task SettledAsync(IEnumerable<Task> all) =>
        Task.WhenAll(all).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);

    private ICounterGrain Page(string path) => GrainFactory.Find<ICounterGrain>(GrainKeys.Of(new PageKey(Site, path)));

    private void Settle()
    {
        pages.Settle(Now);
        active.IsDirty = true;
        sites.Set(active, pages.Tally.Since is null && pages.Count == 0 ? null : pages.Stand);

        // Only this grain knows which pages the site has, so it stays in memory while the site has viewers.
        Keep(pages.Tally.Viewers > 0);
    }

    private void Keep(bool keep)
    {
        if (keep != isKept)
        {
            isKept = keep;
            DelayDeactivation(keep ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }
}
