using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Pages;

/// <summary>One page: a <see cref="PageCounter"/> with grain storage behind it.</summary>
/// <remarks>
/// Viewers are in memory only. An activation that follows another one begins with none and is told them again by the gateways;
/// until then it believes the largest total that a gateway saw of the activation before.
/// </remarks>
[CollectionAgeLimit(Minutes = 5)]
internal sealed class CounterGrain(
    [PersistentState("page", CountingOptions.Storage)] IPersistentState<StoredBytes> stored,
    CountingOptions options, LiveGateways live, PagesHere pages, Outbox outbox, StoreHealth store, ILogger<CounterGrain> log) : Grain, ICounterGrain
{
    private readonly long activation = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly Watchers watchers = new();
    private readonly DateTimeOffset activatedAt = options.Now;
    private PageCounter? counter;
    private PageHere? here;
    private long writer;
    private long revision;
    private Task saving = Task.CompletedTask;
    private bool isKept;

    private DateTimeOffset Now => options.Now;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        writer = stored.NextWriter(Now);
        if (stored.State.TryRead(StoredJson.Default.StoredPage, Restore, log) is { } page)
        {
            Begin(page);
        }

        return Task.CompletedTask;
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
            if (here is not null)
            {
                pages.Remove(here);
            }
        }
    }

    public async Task<PageNews> ReportAsync(string gateway, string site, PageSaid said)
    {
        if (!await live.KnowsAsync(gateway))
        {
            return Unknown(said.Path);
        }

        var page = Find(site, said.Path);
        var before = page.Tally.Version;
        Believe(page, said.Seen);
        page.Apply(gateway, new PageReport(page.Page, said.Opened, said.Sequence, said.Viewers, said.Arrivals), Now);
        Changed(page, before);

        // The gateway may have been given up, and this silo have looked after its pages, between the question above and here.
        return live.Knows(gateway) ? here!.News! : await RecountAsync() with { Known = false };
    }

    public Task<NumberTold> WatchAsync(Guid client, CountKey page, Seen seen)
    {
        watchers.Add(client, Now);
        if (IsNews(seen) || seen.Version > (counter?.Tally.Version ?? 0))
        {
            var counted = Find(page.Site, page.Path);
            var before = counted.Tally.Version;
            Believe(counted, seen);
            counted.Recount(Now);
            Changed(counted, before);
        }

        return Task.FromResult(new NumberTold(counter?.Tally.Version ?? 0, counter?.Tally.Viewers ?? 0, activation));
    }

    public Task<PageNews> RecountAsync()
    {
        if (counter is not { } page)
        {
            return Task.FromResult(Unknown(""));
        }

        var before = page.Tally.Version;
        var believed = page.Floor;
        Expire(page);
        if (page.Floor > 0 && Now >= activatedAt + options.SeedDuration)
        {
            page.Floor = 0;
            page.Recount(Now);
        }

        // Sites ask every minute: what has not changed need not be stored again.
        if (page.Tally.Version != before || page.Floor != believed || !page.Holders.SequenceEqual(here!.Holders))
        {
            Changed(page, before);
        }

        return Task.FromResult(here!.News!);
    }

    public Task<IReadOnlyList<HistoryPoint>> HistoryAsync(string site, string path, HistoryStep step, DateTimeOffset from, DateTimeOffset to) =>
        Task.FromResult((counter?.Tally ?? new Tally(Now)).Read(step, from, to, Now));

    public async Task<PageNews> ResetAsync(string site, string path, bool forget)
    {
        var page = Find(site, path);
        var before = page.Tally.Version;
        page.Reset(Now);
        Changed(page, before);
        var news = here!.News!;
        if (forget && page.Tally.Viewers == 0)
        {
            here.IsDirty = false;
            counter = null;
            pages.Remove(here);
            here = null;
            await stored.ClearOverAsync(saving);
        }

        return news;
    }

    public Task SaveAsync() => saving.IsCompleted ? saving = StoreAsync() : Task.CompletedTask;

    private async Task StoreAsync()
    {
        if (counter is not { Tally.Since: not null } page || here is not { } saved || !(saved.IsDirty || page.Tally.Viewers > 0))
        {
            return;
        }

        saved.IsDirty = false;
        try
        {
            Expire(page);
            stored.State.Write(new StoredPage(page.Page.Site, page.Page.Path, page.Tally.Save(Now), page.Remembered), StoredJson.Default.StoredPage);
            if (!await stored.TryWriteAsync(writer))
            {
                DeactivateOnIdle();
            }

            Keep(page.Tally.Viewers > 0);
        }
        catch
        {
            // It stays until it is stored.
            saved.IsDirty = true;
            Keep(true);
            throw;
        }
    }

    private static PageNews Unknown(string path) => new(path, false, default, 0, 0, null, 0, null, default);

    private PageCounter Restore(StoredPage page) =>
        new(new PageKey(page.Site, page.Path), options.LeaseDuration, new Tally(page.Total, Now), page.Leases);

    private PageCounter Find(string site, string path) =>
        counter ?? Begin(new PageCounter(new PageKey(site, path), options.LeaseDuration, Now));

    private PageCounter Begin(PageCounter page)
    {
        counter = page;
        here = new PageHere(this.AsReference<ICounterGrain>(), page.Page.Site) { SavedAt = Now };
        Note(page);
        pages.Add(here);
        return page;
    }

    /// <summary>Until all gateways have reported again, there are as many as one of them saw before.</summary>
    private void Believe(PageCounter page, Seen seen)
    {
        page.Floor = IsNews(seen) ? Math.Max(page.Floor, seen.Viewers) : page.Floor;
        page.Tally.Follow(seen.Version);
    }

    private bool IsNews(Seen seen) => seen.IsNews(activation, Now, activatedAt + options.SeedDuration);

    /// <summary>Leases here hold as long as their gateways are alive, not as long as they were renewed one by one.</summary>
    private void Expire(PageCounter page)
    {
        foreach (var holder in page.Holders.ToList())
        {
            if (live.Knows(holder))
            {
                page.Renew(holder, Now);
            }
            else
            {
                page.GiveUp(holder, Now);
            }
        }

        page.Expire(Now);
    }

    private void Changed(PageCounter page, long before)
    {
        revision++;
        Note(page);
        here!.IsDirty = true;
        Keep(page.Tally.Viewers > 0);
        if (page.Tally.Version != before)
        {
            outbox.Publish(page.Total, page.Holders.Select(live.ClientOf).OfType<Guid>().Concat(watchers.At(Now)));
        }
    }

    private void Note(PageCounter page)
    {
        var tally = page.Tally;
        here!.News = new PageNews(
            page.Page.Path, true, new NumberTold(tally.Version, tally.Viewers, activation), revision, tally.Peak, tally.PeakAt, tally.Arrivals, tally.Since, tally.SeenAt);
        here.Holders = [.. page.Holders];
        here.Believe(page.Floor > 0 ? activatedAt + options.SeedDuration : null);
    }

    /// <summary>A page with viewers must not leave memory, however long nothing changes there.</summary>
    private void Keep(bool keep)
    {
        if (keep != isKept)
        {
            isKept = keep;
            DelayDeactivation(keep ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }
}
