using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Counter.Grains.Sites;

/// <inheritdoc cref="ISiteGrain"/>
/// <remarks>
/// Reports of several gateways are under way at the same time; each is taken into the sum at once when all its pages have answered, so
/// that someone who goes from one page to another within a report is never counted twice. Anybody may ask about any name, so a site
/// that nobody looks at leaves memory soon.
/// </remarks>
[Reentrant]
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class SiteGrain(
    [PersistentState("site", CountingOptions.Storage)] IPersistentState<StoredBytes> stored,
    [FromKeyedServices(CountingOptions.Storage)] IGrainStorage storage,
    CountingOptions options, LiveGateways live, SitesHere sites, Outbox outbox, StoreHealth store, ILogger<SiteGrain> log) : Grain, ISiteGrain
{
    private readonly long activation = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly DateTimeOffset activatedAt = options.Now;
    private readonly Watchers watchers = new();
    private SitePages pages = null!;
    private SiteHere here = null!;
    private bool isListed;
    private bool isKept;

    private string Site => this.GetPrimaryKeyString();

    private DateTimeOffset Now => options.Now;

    private NumberTold Told => new(pages.Tally.Version, pages.Tally.Viewers, activation);

    private Total Total => new(CountKey.ForSite(Site), pages.Tally.Version, pages.Tally.Viewers);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        writer = stored.NextWriter(Now);
        await RestoreAsync();
        here = new SiteHere(this.AsReference<ISiteGrain>()) { SavedAt = Now, AskedAt = Now };
        sites.Add(here);
        granted = pages.Count + Grant;
        if (pages.Count > 0)
        {
            // A list of sites that was not stored in time does not know it.
            sites.Set(here, pages.Stand);
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
            sites.Remove(here);
        }
    }

    public async Task<SiteTold> ReportAsync(string gateway, MostCounted most, SiteSaid said)
    {
        if (!await live.KnowsAsync(gateway))
        {
            return SiteTold.Unknown;
        }

        if (!isListed && !(isListed = await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).AddAsync([Site], most.Sites) is { Count: 0 }))
        {
            return SiteTold.Refused(said);
        }

        var taken = await ReserveAsync(said, most.Pages);
        try
        {
            var answers = said.Pages.Select((page, i) =>
                taken[i] ? Page(page.Path).ReportAsync(gateway, Site, page) : Task.FromResult<PageNews>(null!)).ToList();
            await SettledAsync(answers);
            if (answers.Any(a => !a.IsCompletedSuccessfully))
            {
                // The others are counted all the same; the gateway hears that it failed, and says everything of this message again.
                await LearnAsync([.. answers.Where(a => a is { IsCompletedSuccessfully: true, Result.Known: true }).Select(a => a.Result)]);
            }

            var news = await Task.WhenAll(answers);
            if (news.Any(n => n is { Known: false }))
            {
                return SiteTold.Unknown;
            }

            Believe(said.Seen);
            await LearnAsync([.. news.OfType<PageNews>()]);
            return new SiteTold(true, taken.Contains(true) ? Told : null, [.. news.Select(n => n?.Number)]);
        }
        finally
        {
            foreach (var page in said.Pages)
            {
                pages.Release(page.Path);
            }
        }
    }

    public Task LearnAsync(IReadOnlyList<PageNews> news)
    {
        foreach (var page in news)
        {
            pages.Learn(page);
        }

        if (pages.Floor > 0 && Now >= activatedAt + options.SeedDuration)
        {
            pages.Floor = 0;
        }

        Settle();
        return Task.CompletedTask;
    }

    public async Task AskAsync()
    {
        var (changed, failed) = (false, false);
        foreach (var some in pages.Questions.Chunk(PagesAtOnce))
        {
            var asked = pages;
            var answers = some.Select(page => (Page: page, Answer: Page(page.Path).RecountAsync())).ToList();
            await SettledAsync(answers.Select(a => a.Answer));
            failed |= answers.Any(a => !a.Answer.IsCompletedSuccessfully);
            foreach (var (page, answer) in answers.Where(a => a.Answer.IsCompletedSuccessfully))
            {
                changed |= asked.Correct(page, await answer);
            }
        }

        if (changed)
        {
            Settle();
        }

        // While silos and gateways die, grains that are activated elsewhere may not answer at first.
        here.IsInDoubt = failed || pages.IsInDoubt;
    }

    public Task<NumberTold> WatchAsync(Guid client, Seen seen)
    {
        watchers.Add(client, Now);
        if (IsNews(seen, activation) || seen.Version > pages.Tally.Version)
        {
            Believe(seen);
            Settle();
        }

        return Task.FromResult(Told);
    }

    public Task<CountStatus> GetAsync(CountKey key, Seen seen)
    {
        var page = key.Of == CountOf.Page ? pages.Find(key.Path) : null;
        var status = key.Of == CountOf.Site ? pages.Tally.Status(key) : page?.Status(Site) ?? CountStatus.Unseen(key);
        return Task.FromResult(IsNews(seen, page?.Number.Activation ?? activation) ? status with { Viewers = Math.Max(status.Viewers, seen.Viewers) } : status);
    }

    public async Task<IReadOnlyList<HistoryPoint>> HistoryAsync(CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to) =>
        key.Of == CountOf.Site ? pages.Tally.Read(step, from, to, Now)
        : pages.Find(key.Path) is not null ? await Page(key.Path).HistoryAsync(Site, key.Path, step, from, to)
        : new Tally(Now).Read(step, from, to, Now);

    public Task<IReadOnlyList<CountStatus>> PagesAsync(CountQuery query) =>
        Task.FromResult(query.Select(pages.All.Select(p => p.Status(Site)), p => p));

    /// <summary>Waits for all of them, however they end.</summary>
    private static Task SettledAsync(IEnumerable<Task> all) =>
        Task.WhenAll(all).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);

    private ICounterGrain Page(string path) => GrainFactory.GetGrain<ICounterGrain>(GrainKeys.Of(new PageKey(Site, path)));

    /// <summary>Until all pages are reported again, there are as many viewers as a gateway saw before.</summary>
    private void Believe(Seen seen)
    {
        pages.Floor = IsNews(seen, activation) ? Math.Max(pages.Floor, seen.Viewers) : pages.Floor;
        pages.Tally.Follow(seen.Version);
    }

    private bool IsNews(Seen seen, long known) => seen.IsNews(known, Now, activatedAt + options.SeedDuration);

    private void Settle()
    {
        var changed = pages.Settle(Now);
        here.IsDirty = true;
        here.IsInDoubt = pages.IsInDoubt;
        here.Believe(pages.Floor > 0 ? activatedAt + options.SeedDuration : null);
        sites.Set(here, pages.Tally.Since is null && pages.Count == 0 ? null : pages.Stand);
        if (changed)
        {
            outbox.Publish(Total, watchers.At(Now));
        }

        // What the pages are is known here only; while somebody looks it must not leave memory.
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
