using Counter.Counting.Totals;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <content>What is kept of a site.</content>
internal sealed partial class SiteGrain
{
    private const int PartsAtOnce = 8;

    // The parts that the record names; those of a site with one part are in the record itself.
    private NamedState[] parts = [];

    // Those that it named before there were more.
    private NamedState[] obsolete = [];
    private Task saving = Task.CompletedTask;
    private long writer;

    public Task SaveAsync() => saving.IsCompleted ? saving = StoreAsync() : Task.CompletedTask;

    private async Task StoreAsync()
    {
        if (pages.Tally.Since is null || !(active.IsDirty || pages.Tally.Viewers > 0))
        {
            return;
        }

        active.IsDirty = false;
        var saved = pages;
        var changed = saved.Parts.TakeChanged(saved.All);
        var site = new StoredSite(saved.Tally.Save(Now), saved.Parts.Count == 1 ? [.. saved.All] : [], saved.Parts.Count);
        try
        {
            // The record comes last: what it says of the whole site never has arrivals that its pages do not have.
            if (!await StorePartsAsync(site, changed) || !await StoreRecordAsync(site))
            {
                DeactivateOnIdle();
            }

            Keep(pages.Tally.Viewers > 0);
        }
        catch
        {
            // It stays until it is stored.
            saved.Parts.GiveBack(changed);
            active.IsDirty = true;
            Keep(true);
            throw;
        }
    }

    /// <returns>False when a newer activation stores the site.</returns>
    private async Task<bool> StorePartsAsync(StoredSite site, IReadOnlyList<SitePart> changed)
    {
        if (site.Parts > Math.Max(1, parts.Length))
        {
            // The record names the old ones until it is stored.
            (obsolete, parts) = ([.. obsolete, .. parts], Parts(site.Parts));
        }

        foreach (var some in changed.Chunk(PartsAtOnce))
        {
            var taken = await Task.WhenAll(some.Select(part =>
            {
                parts[part.Number].State.Write(new StoredPart(part.Pages), StoredJson.Default.StoredPart);
                return parts[part.Number].TryWriteAsync(writer);
            }));
            if (taken.Contains(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> StoreRecordAsync(StoredSite site)
    {
        stored.State.Write(site, StoredJson.Default.StoredSite);
        if (!await stored.TryWriteAsync(writer))
        {
            return false;
        }

        await ClearAsync(obsolete);
        obsolete = [];
        return true;
    }

    private async Task RestoreAsync()
    {
        var site = stored.State.TryRead(StoredJson.Default.StoredSite, site => site, log);
        pages = new SitePages(Site, site is null ? new Tally(Now) : new Tally(site.Total, Now));
        pages.Parts.Restore(site?.Parts ?? 1);
        parts = Parts(site?.Parts ?? 1);
        Restore(site?.Pages);
        foreach (var some in parts.Chunk(PartsAtOnce))
        {
            await Task.WhenAll(some.Select(part => part.ReadStateAsync()));
            foreach (var part in some)
            {
                Restore(part.State.TryRead(StoredJson.Default.StoredPart, part => part.Pages, log));
            }
        }
    }

    private void Restore(IReadOnlyList<PageStatus>? some)
    {
        foreach (var page in some ?? [])
        {
            pages.Restore(page with { Version = 0, Viewers = 0 });
        }
    }

    /// <summary>Deletes everything that is stored, in an order that leaves the record until nothing else is left.</summary>
    private async Task ClearAsync(Task writing)
    {
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await ClearAsync([.. obsolete, .. parts]);
        (obsolete, parts) = ([], []);
        await stored.ClearOverAsync(Task.CompletedTask);
    }

    private static async Task ClearAsync(NamedState[] states)
    {
        foreach (var some in states.Chunk(PartsAtOnce))
        {
            await Task.WhenAll(some.Select(state => state.ClearOverAsync(Task.CompletedTask)));
        }
    }

    private NamedState[] Parts(int count) =>
        count <= 1 ? [] : [.. Enumerable.Range(0, count).Select(i => new NamedState(storage, $"pages-{count}-{i}", this.GetGrainId()))];
}
