using Counter.Counting.Totals;
using Counter.Grains.Pages;

namespace Counter.Grains.Sites;

/// <content>What is kept of a site.</content>
internal sealed partial class SiteGrain
{
    private Task saving = Task.CompletedTask;
    private long writer;

    public Task SaveAsync() => saving.IsCompleted ? saving = StoreAsync() : Task.CompletedTask;

    private async Task StoreAsync()
    {
        if (!here.IsDirty || pages.Tally.Since is null)
        {
            return;
        }

        here.IsDirty = false;
        try
        {
            stored.State.Write(new StoredSite(pages.Tally.Save(Now), [.. pages.All]), StoredJson.Default.StoredSite);
            if (!await stored.TryWriteAsync(writer))
            {
                DeactivateOnIdle();
            }
        }
        catch
        {
            here.IsDirty = true;
            throw;
        }
    }

    private SitePages Restore(StoredSite site)
    {
        var restored = new SitePages(Site, new Tally(site.Total, Now));
        foreach (var page in site.Pages)
        {
            restored.Restore(page with { Number = default });
        }

        return restored;
    }
}
