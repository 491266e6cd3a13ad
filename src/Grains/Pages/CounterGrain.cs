using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Pages;

/// <summary>One page: a <see cref="PageTotals"/> with grain storage behind it.</summary>
/// <remarks>Viewers are in memory only. The presence of the site reports them again to a new activation.</remarks>
[CollectionAgeLimit(Minutes = 5)]
internal sealed class CounterGrain(
    [PersistentState("page", CountingOptions.Storage)] IPersistentState<StoredBytes> stored,
    CountingOptions options, ActivePages pages, StoreHealth store, ILogger<CounterGrain> log) : Grain, ICounterGrain
{
    private PageTotals? counter;
    private ActivePage? active;
    private long writer;
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
            if (active is not null)
            {
                pages.Remove(active);
            }
        }
    }

    public Task<PageStatus> ApplyAsync(PageReport report)
    {
        var page = Find(report.Page.Site, report.Page.Path);
        if (page.Apply(report, Now))
        {
            Changed(page);
        }

        return Task.FromResult(active!.Status!);
    }

    public Task<IReadOnlyList<HistoryPoint>> HistoryAsync(string site, string path, HistoryStep step, DateTimeOffset from, DateTimeOffset to) =>
        Task.FromResult((counter?.Tally ?? new Tally(Now)).Read(step, from, to, Now));

    public async Task<PageStatus> ResetAsync(string site, string path, bool forget)
    {
        var page = Find(site, path);
        page.Reset(Now);
        Changed(page);
        var status = active!.Status!;
        if (forget && page.Tally.Viewers == 0)
        {
            active.IsDirty = false;
            counter = null;
            pages.Remove(active);
            active = null;
            await stored.ClearOverAsync(saving);
        }

        return status;
    }

    public Task SaveAsync() => saving.IsCompleted ? saving = StoreAsync() : Task.CompletedTask;

    private async Task StoreAsync()
    {
        if (counter is not { Tally.Since: not null } page || active is not { } saved || !(saved.IsDirty || page.Tally.Viewers > 0))
        {
            return;
        }

        saved.IsDirty = false;
        try
        {
            stored.State.Write(
                new StoredPage(page.Page.Site, page.Page.Path, page.Tally.Save(Now), page.Opened, page.Arrivals), StoredJson.Default.StoredPage);
            if (!await stored.TryWriteAsync(writer))
            {
                DeactivateOnIdle();
            }

            Keep(page.Tally.Viewers > 0);
        }
        catch
        {
            // The grain stays in memory until it is stored.
            saved.IsDirty = true;
            Keep(true);
            throw;
        }
    }

    private PageTotals Restore(StoredPage page) => new(new PageKey(page.Site, page.Path), new Tally(page.Total, Now), page.Opened, page.Arrivals);

    private PageTotals Find(string site, string path) => counter ?? Begin(new PageTotals(new PageKey(site, path), new Tally(Now)));

    private PageTotals Begin(PageTotals page)
    {
        counter = page;
        active = new ActivePage(this.AsReference<ICounterGrain>(), page.Page.Site) { SavedAt = Now };
        UpdateStatus(page);
        pages.Add(active);
        return page;
    }

    private void Changed(PageTotals page)
    {
        UpdateStatus(page);
        active!.IsDirty = true;
        Keep(page.Tally.Viewers > 0);
    }

    private void UpdateStatus(PageTotals page)
    {
        var tally = page.Tally;
        active!.Status = new PageStatus(page.Page.Path, tally.Peak, tally.PeakAt, tally.Arrivals, tally.Since, tally.SeenAt, page.Sequence, tally.Viewers);
    }

    /// <summary>Keeps a page with viewers in memory, even if nothing changes for long.</summary>
    private void Keep(bool keep)
    {
        if (keep != isKept)
        {
            isKept = keep;
            DelayDeactivation(keep ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        }
    }
}
