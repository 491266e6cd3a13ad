using Counter.Counting.Pages;
using Counter.Counting.Totals;

namespace Counter.Grains.Sites;

/// <content>What operators ask for, and what time does: resets, deletions, and forgetting.</content>
internal sealed partial class SiteGrain
{
    private const int PagesAtOnce = 100;

    public async Task<bool> ResetAsync(CountKey key, bool forget)
    {
        if (key.Of == CountOf.Page)
        {
            if (pages.Find(key.Path) is null)
            {
                return false;
            }

            await ResetAsync(key.Path, forget);
            Settle();
            return true;
        }

        // Of a deletion that failed half-way the record is left.
        if (pages.Count == 0 && pages.Tally.Since is null && !stored.RecordExists)
        {
            return false;
        }

        foreach (var some in pages.All.Select(p => p.Path).Chunk(PagesAtOnce))
        {
            await Task.WhenAll(some.Select(path => ResetAsync(path, forget)));
        }

        pages.Settle(Now);
        pages.Reset(Now);
        Settle();
        if (forget)
        {
            await LeaveIfEmptyAsync();
        }

        return true;
    }

    public async Task<bool> TidyAsync(bool crowded)
    {
        pages.Tally.Pass(Now);
        await ForgetAsync(crowded ? [.. pages.Forgotten(Now).Union(pages.PassedBy(Now))] : pages.Forgotten(Now));
        return !await LeaveIfEmptyAsync();
    }

    private async Task ResetAsync(string path, bool forget)
    {
        var news = await Page(path).ResetAsync(Site, path, forget);
        pages.Renew(news);
        if (forget && news.Number.Viewers == 0)
        {
            pages.Forget(path);
        }
    }

    private async Task ForgetAsync(IReadOnlyList<string> paths)
    {
        foreach (var some in paths.Chunk(PagesAtOnce))
        {
            await Task.WhenAll(some.Select(path => ResetAsync(path, forget: true)));
        }

        if (paths.Count > 0)
        {
            Settle();
        }
    }

    /// <summary>A site without a page is none.</summary>
    private async Task<bool> LeaveIfEmptyAsync()
    {
        if (!pages.IsEmpty)
        {
            return false;
        }

        isListed = false;
        pages = new SitePages(Site, new Tally(Now));
        here.IsDirty = false;
        sites.Set(here, null);
        await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).RemoveAsync(Site);

        // Who comes meanwhile is stored afterwards.
        await (saving = stored.ClearOverAsync(saving));
        here.IsDirty |= !pages.IsEmpty;
        return true;
    }
}
