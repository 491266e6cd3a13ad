using Counter.Counting.Totals;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <content>The storage of a site.</content>
internal sealed partial class SiteGrain
{
    private const int PartsAtOnce = 8;

    // The parts that the record names. The pages of a site with one part are in the record itself.
    private NamedState[] parts = [];

    // The parts of earlier records, before the number of parts grew.
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
            // The record is stored last, so that the site's arrivals in it never exceed those of the stored pages.
            if (!await StorePartsAsync(site, changed) || !await StoreRecordAsync(site))
            {
                DeactivateOnIdle();
            }

            Keep(pages.Tally.Viewers > 0);
        }
        catch
        {
            // The grain stays in memory until it is stored.
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
            // The stored record names the old parts until the new record is stored.
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

    /// <summary>Deletes all stored states, the record last.</summary>
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
