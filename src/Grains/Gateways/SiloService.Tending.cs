using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Counter.Grains.Sites;

namespace Counter.Grains.Gateways;

/// <content>What keeps numbers right when somebody has gone without a word.</content>
internal sealed partial class SiloService
{
    private const int PagesAtOnce = 1000;
    private const int SitesAtOnce = 16;

    private readonly LostSilos lost = new();
    private OneAtATime? tending;
    private Task asking = Task.CompletedTask;
    private DateTimeOffset? lostAt;

    /// <summary>Recounts the pages of gateways that are gone, and those that counted viewers which nobody has reported since.</summary>
    private async Task TendAsync()
    {
        foreach (var some in Doubtful().Chunk(PagesAtOnce))
        {
            var news = await Task.WhenAll(some.Select(async page => (page.Site, News: await RecountAsync(page))));
            await Task.WhenAll(news.Where(n => n.News is { Known: true }).GroupBy(n => n.Site).Select(
                site => TryAsync(() => grains.GetGrain<ISiteGrain>(site.Key).LearnAsync([.. site.Select(n => n.News!)]))));
        }

        var now = options.Now;
        await Task.WhenAll(sites.All.Where(s => s.IsCredulous(now)).Select(s => TryAsync(() => s.Grain.LearnAsync([]))));
    }

    private List<PageHere> Doubtful()
    {
        var (now, alive, found) = (options.Now, "", new List<PageHere>());
        foreach (var page in pages.All)
        {
            if (page.IsCredulous(now))
            {
                found.Add(page);
                continue;
            }

            foreach (var holder in page.Holders)
            {
                // Of 100,000 pages nearly all have the same gateway, and this is done every second.
                if (!ReferenceEquals(holder, alive) && !live.Knows(holder))
                {
                    found.Add(page);
                    break;
                }

                alive = holder;
            }
        }

        return found;
    }

    /// <summary>
    /// Has the sites here ask their pages: one that was in a silo that is gone, and whose gateway is gone too, is in no silo's memory, and
    /// nobody would recount it. While gateways report again what was lost with a silo nobody asks, for there would be a dip.
    /// </summary>
    private async Task AskAsync()
    {
        var now = options.Now;
        lostAt = lost.Look(silos.Active, silos.Leaving) ? now : lostAt;
        if (lostAt is { } at && (now - at).Duration() < options.SeedDuration)
        {
            return;
        }

        var all = lostAt is not null;
        lostAt = null;
        await Parallel.ForEachAsync(
            sites.All.Where(s => all || s.IsInDoubt || now - s.AskedAt >= options.AskInterval).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = SitesAtOnce, TaskScheduler = TaskScheduler.Current },
            async (site, _) =>
            {
                site.AskedAt = now;
                await TryAsync(async () =>
                {
                    // Until it has answered.
                    site.IsInDoubt = true;
                    await site.Grain.AskAsync();
                });
            });
    }

    private async Task<PageNews?> RecountAsync(PageHere page)
    {
        PageNews? news = null;
        await TryAsync(async () => news = await page.Grain.RecountAsync());
        return news;
    }

    /// <summary>One that fails must not keep the others from being looked after; it is its turn again in a second or a minute.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }
}
