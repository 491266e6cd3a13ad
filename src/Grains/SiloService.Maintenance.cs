using Counter.Counting.Presence;
using Counter.Grains.Gateways;
using Counter.Grains.Presence;
using Counter.Grains.Sites;

namespace Counter.Grains;

/// <content>Corrects numbers after a gateway or a silo is lost.</content>
internal sealed partial class SiloService
{
    private const int PresencesAtOnce = 1000;
    private const int SitesAtOnce = 16;

    // By then gateways have noticed the lost silo, and new presences have received their snapshots.
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

    /// <summary>Makes presences expire lost gateways and retry failed reports.</summary>
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
                // This runs every second. Nearly all of 100,000 sites have the same gateway, so a repeated gateway is checked once.
                if (!ReferenceEquals(gateway, alive) && !live.IsLive(gateway))
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
    /// Resyncs presences, sites and pages. After a silo is lost, presences report everything at once, because sites and pages may be new activations.
    /// Once gateways have resynced, sites ask their presences, because a new presence does not know viewers whose gateway was lost too.
    /// Sites also ask once a minute.
    /// </summary>
    private async Task AskAsync()
    {
        var now = options.Now;
        if (lost.DetectLoss(silos.Active, silos.Leaving))
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
            // A site or page on the lost silo may have accepted a report before it ended. Grains also deactivate when the silo with their directory
            // entry is lost.
            reportedAt = now;
            await ReportAllAsync();
        }

        await Parallel.ForEachAsync(sites.All.Where(s => all || s.IsInDoubt || now - s.AskedAt >= options.AskInterval).ToList(), Few, async (site, _) =>
        {
            site.AskedAt = now;
            await TryAsync(async () =>
            {
                // The site stays in doubt until this call succeeds.
                site.IsInDoubt = true;
                await site.Grain.AskAsync();
            });
        });
    }

    /// <summary>
    /// Makes sites whose webhooks changed check which messages are due. A site without viewers is not in memory. It is activated once a minute
    /// while the last message of one of its webhooks was that viewers rose.
    /// </summary>
    private async Task JudgeAsync()
    {
        var changed = await webhooks.RefreshAsync();
        var known = sites.All.Select(site => site.Grain).DistinctBy(grain => grain.GetPrimaryKeyString()).ToDictionary(grain => grain.GetPrimaryKeyString());
        var due = changed.Select(known.GetValueOrDefault).OfType<ISiteGrain>();
        if (options.Now - judgedAt >= JudgeInterval)
        {
            judgedAt = options.Now;
            due = due.Concat(webhooks.SitesOver.Where(site => !known.ContainsKey(site)).Select(site => grains.Find<ISiteGrain>(site)));
        }

        await Parallel.ForEachAsync(due.ToList(), Few, async (site, _) => await TryAsync(() => site.JudgeAsync(refresh: false)));
    }

    private Task ReportAllAsync() =>
        Parallel.ForEachAsync(presences.All.ToList(), Few, async (presence, _) => await TryAsync(presence.Grain.ReportAllAsync));

    /// <summary>Logs a failure, so that it does not stop the work on other grains. A later round tries again, in a second or a minute.</summary>
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
