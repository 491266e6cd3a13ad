using Counter.Counting.Pages;
using Counter.Counting.Totals;
using Counter.Grains.Messages;
using Counter.Grains.Presence;

namespace Counter.Grains.Sites;

/// <content>Resets and deletions by operators, and the deletion of old pages.</content>
internal sealed partial class SiteGrain
{
    private const int PagesAtOnce = 100;

    // The number of pages that a site may add before it asks the directory again.
    private const int Grant = 100;

    // A full site deletes one 100th of its pages at once.
    private const int PartOfPages = 100;

    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(1);

    private int granted;
    private long? searchedAt;

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
            await RefreshTotalsAsync();
            return true;
        }

        // The record is left after a deletion that failed half-way.
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

        await RefreshTotalsAsync();
        return true;
    }

    public async Task TidyAsync(DateTimeOffset asOf)
    {
        pages.Tally.Pass(Now);
        await ForgetAsync(pages.Forgotten(asOf));
        await LeaveIfEmptyAsync();
    }

    public async Task<int> MakeRoomAsync(int most)
    {
        var gone = await ForgetAsync(pages.LeastWorth(most));
        await LeaveIfEmptyAsync();
        return gone;
    }

    /// <summary>Reserves room for the reported pages, and returns which have it. Deletes the least valuable pages when there is none.</summary>
    private async Task<bool[]> ReserveAsync(IReadOnlyList<PageReport> reports, MostCounted most)
    {
        var taken = TryReserve(reports, most);
        if (taken.Contains(false) && IsTimeToSearch())
        {
            try
            {
                await ForgetAsync(pages.LeastWorth(Math.Max(most.PagesPerSite / PartOfPages, taken.Count(isTaken => !isTaken))));
            }
            catch (Exception e)
            {
                // Known pages still count while nothing can be deleted.
                store.Fail(e);
            }

            taken = TryReserve(reports, most);
        }

        // The directory is asked once per 100 pages.
        if (pages.Taken > granted)
        {
            if (await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).HasRoomAsync(most.Pages))
            {
                granted = pages.Taken + Grant;
            }
            else
            {
                for (var i = 0; i < taken.Length; i++)
                {
                    pages.Release(reports[i].Page.Path);
                    taken[i] = pages.Find(reports[i].Page.Path) is not null;
                }
            }
        }

        return taken;
    }

    private bool[] TryReserve(IReadOnlyList<PageReport> reports, MostCounted most) =>
        [.. reports.Select(report => pages.TryReserve(report.Page.Path, most.PagesPerSite))];

    /// <summary>Limits the searches, which visit every page: an attacker who invents pages must not cause one per refused page.</summary>
    private bool IsTimeToSearch()
    {
        if (searchedAt is { } at && options.Clock.GetElapsedTime(at) < BetweenSearches)
        {
            return false;
        }

        searchedAt = options.Clock.GetTimestamp();
        return true;
    }

    private async Task ResetAsync(string path, bool forget)
    {
        var status = await Page(path).ResetAsync(Site, path, forget);
        pages.Renew(status);
        if (forget && status.Viewers == 0)
        {
            pages.Forget(path);
        }
    }

    /// <summary>Has the presence of the site ask for the totals that are shown.</summary>
    private Task RefreshTotalsAsync() => GrainFactory.Find<IPresenceGrain>(Site).AskTotalsAsync();

    private async Task<int> ForgetAsync(IReadOnlyList<string> paths)
    {
        var before = pages.Count;
        foreach (var some in paths.Chunk(PagesAtOnce))
        {
            await Task.WhenAll(some.Select(path => ResetAsync(path, forget: true)));
        }

        if (paths.Count > 0)
        {
            Settle();
        }

        return before - pages.Count;
    }

    /// <summary>Deletes a site that has no pages.</summary>
    private async Task<bool> LeaveIfEmptyAsync()
    {
        if (!pages.IsEmpty)
        {
            return false;
        }

        isListed = false;
        pages = new SitePages(Site, new Tally(Now));
        active.IsDirty = false;
        sites.Set(active, null);
        await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).RemoveAsync(Site);

        // Pages that are added during the deletion are stored afterwards.
        await (saving = ClearAsync(saving));
        active.IsDirty |= !pages.IsEmpty;
        return true;
    }
}
