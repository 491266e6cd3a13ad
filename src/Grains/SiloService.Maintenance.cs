using Counter.Counting.Presence;
using Counter.Grains.Gateways;
using Counter.Grains.Presence;
using Counter.Grains.Sites;

namespace Counter.Grains;

/// <content>What keeps numbers right when somebody has gone without a word.</content>
internal sealed partial class SiloService
{
    private const int PresencesAtOnce = 1000;
    private const int SitesAtOnce = 16;

    // By then gateways have noticed that a silo is gone, and presences that began anew know what they have.
    private static readonly TimeSpan Settled = SitePresence.Resyncing + TimeSpan.FromSeconds(5);

    private static readonly TimeSpan JudgeInterval = TimeSpan.FromMinutes(1);

    private readonly LostSilos lost = new();
    private SerialAction? tending;
    private Task asking = Task.CompletedTask;
    private Task judging = Task.CompletedTask;
    private DateTimeOffset judgedAt = options.Now - JudgeInterval + Settled;
    private DateTimeOffset? lostAt;
    private DateTimeOffset reportedAt = options.Now;

    private static ParallelOptions Few => new() { MaxDegreeOfParallelism = SitesAtOnce, TaskScheduler = TaskScheduler.Current };

    /// <summary>Has the presences of sites give up gateways that are gone, and report what could not be reported.</summary>
    private async Task MaintainAsync()
    {
        foreach (var some in Doubtful().Chunk(PresencesAtOnce))
        {
            await Task.WhenAll(some.Select(presence => TryAsync(presence.Grain.ExpireAsync)));
        }
    }

    private List<ActivePresence> Doubtful()
    {
        var (alive, found) = ("", new List<ActivePresence>());
        foreach (var presence in presences.All)
        {
            if (presence.IsBehind)
            {
                found.Add(presence);
                continue;
            }

            foreach (var gateway in presence.Gateways)
            {
                // Of 100,000 sites nearly all have the same gateway, and this is done every second.
                if (!ReferenceEquals(gateway, alive) && !live.Knows(gateway))
                {
                    found.Add(presence);
                    break;
                }

                alive = gateway;
            }
        }

        return found;
    }

    /// <summary>
    /// After a silo has gone: presences report to sites and pages that may have begun anew; and when all gateways have said what they have, sites ask
    /// presences that have begun anew, since those do not know viewers whose gateway is gone too. Sites ask once a minute besides.
    /// </summary>
    private async Task AskAsync()
    {
        var now = options.Now;
        if (lost.Look(silos.Active, silos.Leaving))
        {
            lostAt = now;
            await ReportAllAsync();
        }

        if (lostAt is { } at && (now - at).Duration() < Settled)
        {
            return;
        }

        var all = lostAt is not null;
        lostAt = null;
        if (all || (options.AskInterval < TimeSpan.MaxValue && now - reportedAt >= options.AskInterval))
        {
            // One that was given up may have taken a report before it ended, and grains leave memory when the silo is gone that knew where they are.
            reportedAt = now;
            await ReportAllAsync();
        }

        await Parallel.ForEachAsync(sites.All.Where(s => all || s.IsInDoubt || now - s.AskedAt >= options.AskInterval).ToList(), Few, async (site, _) =>
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

    /// <summary>
    /// Sites whose webhooks changed see whether messages are owed. Those that nobody looks at are not in memory: they are woken once a minute while
    /// a receiver was last told that viewers rose.
    /// </summary>
    private async Task JudgeAsync()
    {
        var changed = await webhooks.RefreshAsync();
        var known = sites.All.Select(site => site.Grain).DistinctBy(grain => grain.GetPrimaryKeyString()).ToDictionary(grain => grain.GetPrimaryKeyString());
        var due = changed.Select(known.GetValueOrDefault).OfType<ISiteGrain>();
        if (options.Now - judgedAt >= JudgeInterval)
        {
            judgedAt = options.Now;
            due = due.Concat(webhooks.SitesOver.Where(site => !known.ContainsKey(site)).Select(site => grains.GetGrain<ISiteGrain>(site)));
        }

        await Parallel.ForEachAsync(due.ToList(), Few, async (site, _) => await TryAsync(() => site.JudgeAsync(refresh: false)));
    }

    private Task ReportAllAsync() =>
        Parallel.ForEachAsync(presences.All.ToList(), Few, async (presence, _) => await TryAsync(presence.Grain.ReportAllAsync));

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
