using Counter.Grains.Messages;

namespace Counter.Grains.Sites;

/// <content>Deletes sites and pages when a limit is reached, and pages whose history has expired.</content>
internal sealed partial class SiteDirectoryGrain
{
    private const int SitesAtOnce = 100;

    // One search deletes one 100th of the allowed sites or pages.
    private const int Part = 100;

    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenTidyings = TimeSpan.FromHours(24);
    private static readonly TimeSpan FirstTidying = TimeSpan.FromHours(1);

    // A clock that jumps ahead by years makes everything look old. Small steps give operators time to notice it before the data is deleted.
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(30);

    private SerialAction searching = null!;
    private (int Sites, long Pages) tooMany;
    private long? searchedAt;
    private long? tidiedAt;
    private long beganAt;
    private DateTimeOffset tidiedUpTo;

    public async Task<bool> HasRoomAsync(int most)
    {
        await asking.RunAsync();
        if (sites.Pages < most)
        {
            return true;
        }

        tooMany.Pages = Math.Max(tooMany.Pages, sites.Pages - most + Math.Max(1, most / Part));
        await searching.RunAsync();
        return sites.Pages < most;
    }

    public async Task TidyAsync()
    {
        var passed = options.Clock.GetElapsedTime(tidiedAt ?? beganAt);
        if (passed < (tidiedAt is null ? FirstTidying : BetweenTidyings))
        {
            return;
        }

        tidiedAt = options.Clock.GetTimestamp();
        var longest = tidiedUpTo + LongestStep;
        tidiedUpTo = options.Now < longest ? options.Now : longest;
        sites.IsDirty = true;
        foreach (var some in sites.Names.Chunk(SitesAtOnce))
        {
            await Task.WhenAll(some.Select(site => Site(site).TidyAsync(tidiedUpTo)));
        }
    }

    private ISiteGrain Site(string site) => GrainFactory.Find<ISiteGrain>(site);

    private async Task SearchAsync()
    {
        try
        {
            await MakeRoomAsync();
        }
        catch (Exception e)
        {
            // Known sites still count while nothing can be deleted.
            store.Fail(e);
        }
    }

    private async Task MakeRoomAsync()
    {
        var (mostSites, mostPages) = tooMany;
        tooMany = default;
        if (searchedAt is { } at && options.Clock.GetElapsedTime(at) < BetweenSearches)
        {
            return;
        }

        searchedAt = options.Clock.GetTimestamp();
        await asking.RunAsync();
        var registered = (await RegisteredAsync()).ToHashSet(StringComparer.Ordinal);
        await Task.WhenAll(sites.All
            .Where(s => s.Status.Count.Viewers == 0 && !registered.Contains(Name(s)))
            .OrderBy(s => s.Status.Count.Arrivals).ThenBy(s => s.SeenAt)
            .Take(mostSites).Select(s => Site(Name(s)).MakeRoomAsync(int.MaxValue)).ToList());
        await ForgetPagesAsync(mostPages, registered);
        await asking.RunAsync();
    }

    /// <summary>Deletes pages, first of sites with few arrivals per page. Sites with settings come last.</summary>
    private async Task ForgetPagesAsync(long rest, HashSet<string> registered)
    {
        foreach (var site in sites.All
            .OrderBy(s => registered.Contains(Name(s))).ThenBy(s => s.Status.Count.Arrivals / Math.Max(1, s.Status.Pages)).ThenBy(s => s.SeenAt).ToList())
        {
            if (rest <= 0)
            {
                return;
            }

            rest -= await Site(Name(site)).MakeRoomAsync((int)Math.Min(rest, int.MaxValue));
        }
    }

    private static string Name(SiteState site) => site.Status.Count.Key.Site;
}
