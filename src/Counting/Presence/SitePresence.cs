using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The presence of one site: decides which streams of gateways count as viewers, because connections are not people.</summary>
/// <remarks>
/// <para>A browser keeps a left page's stream open for up to 60 s (back/forward cache, measured in Chromium 156). So when a visitor
/// opens another page of the site, its newest other view is <em>suspected</em>: it does not count, and a probe settles within a second
/// whether it was left. <see cref="Suspicions"/> describes what ends a suspicion, and <see cref="SettledBy"/> what a probe is.</para>
/// <para>Gateways send opened and closed streams in numbered batches. After a gap, or when an earlier activation had the batches before,
/// they are asked for a snapshot. Until all have sent it, no number is lower than a gateway last saw it.</para>
/// <para>Pure logic. Not safe for concurrent use.</para>
/// </remarks>
public sealed partial class SitePresence
{
    /// <summary>
    /// A suspected view counts again if it is still open this long after its probe was written. A view is not probed more often than that.
    /// </summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <summary>A suspected view counts again after this time if no gateway confirms that its probe was written.</summary>
    public static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(10);

    /// <summary>A suspected view that nothing settles counts again after this time. Chromium discards a left page after 60.0 s.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(65);

    /// <summary>
    /// A suspected view counts again if it is still open this long after the view that was opened instead has closed; a browser that exits
    /// closes all its views. A view that closes within this time before or after another opens was left for that one.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long an activation publishes nothing lower than gateways saw from the one before, unless all gateways have sent snapshots earlier.
    /// </summary>
    public static readonly TimeSpan Resyncing = TimeSpan.FromSeconds(10);

    // A page that was prerendered this long ago has been looked at since, or its browser has discarded it.
    private static readonly TimeSpan LongestPrerender = TimeSpan.FromSeconds(60);

    // Longer than a batch can be under way. If the gateway were forgotten sooner, a late batch would open its streams again.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(60);

    private readonly string site;
    private readonly long activation;
    private readonly TimeProvider clock;
    private readonly IPresencePublisher publisher;
    private readonly Visitors visitors;
    private readonly PresenceRules rules;
    private readonly Dictionary<string, GatewayStreams> gateways = [];
    private readonly Queue<long> due = [];
    private readonly long began;
    private bool isResyncing = true;

    /// <summary>Starts without streams.</summary>
    /// <param name="site">The site.</param>
    /// <param name="activation">Distinguishes this activation from earlier ones; not 0.</param>
    /// <param name="clock">Provides the time; <see cref="Tick"/> acts on it.</param>
    /// <param name="publisher">Publishes to gateways other than the one that is answered.</param>
    /// <param name="record">The probe record that all sites of this process share; null for a record of this site alone.</param>
    public SitePresence(string site, long activation, TimeProvider clock, IPresencePublisher publisher, ProbeRecord? record = null)
    {
        (this.site, this.activation, this.clock, this.publisher) = (site, activation, clock, publisher);
        visitors = new Visitors();
        rules = new PresenceRules(visitors, clock, record);
        began = clock.GetTimestamp();
        version = Math.Max(1, Milliseconds);
        whole = new SiteNumber(CountKey.ForSite(site), version);
        distinct = new SiteNumber(CountKey.ForVisitors(site), version);
    }

    /// <summary>The gateways that have streams of this site or show a number of it, or did recently.</summary>
    public IReadOnlyCollection<string> Gateways => gateways.Keys;

    /// <summary>Whether no gateway and no unreported page is left, so that it need not stay in memory.</summary>
    public bool IsEmpty => gateways.Count == 0 && pages.Count == 0;

    /// <summary>Whether the resync is over: all gateways have sent a snapshot since this activation began.</summary>
    public bool IsWhole => !isResyncing;

    /// <summary>When <see cref="Tick"/> is due next, as a timestamp; null for never.</summary>
    public long? DueAt
    {
        get
        {
            var first = rules.DueAt ?? long.MaxValue;
            first = isResyncing ? Math.Min(first, clock.After(began, Resyncing)) : first;
            first = Math.Min(first, midnight ?? long.MaxValue);
            first = due.TryPeek(out var at) ? Math.Min(first, at) : first;
            return first == long.MaxValue ? null : first;
        }
    }

    private long Milliseconds => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Removes a gateway with all its streams.</summary>
    public void Expire(string id)
    {
        if (gateways.Remove(id, out var gateway))
        {
            Turn(changes =>
            {
                foreach (var stream in gateway.Streams.Values)
                {
                    rules.Close(stream, changes);
                }

                foreach (var number in gateway.Shown.Keys.ToList())
                {
                    Hide(gateway, number);
                }
            });
            Settle();
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        Turn(changes =>
        {
            rules.Tick(changes);
            if (isResyncing && clock.GetElapsedTime(began) >= Resyncing)
            {
                EndResync();
            }
        });
        while (due.TryPeek(out var at) && at <= clock.GetTimestamp())
        {
            due.Dequeue();
            foreach (var (id, _) in gateways.Where(gateway => gateway.Value.EmptySince is { } since && clock.GetElapsedTime(since) >= Remembered).ToList())
            {
                gateways.Remove(id);
            }
        }

        Settle();
    }

    /// <summary>Ends the resync before its time if all gateways have sent their snapshots.</summary>
    /// <param name="live">All gateways that may have streams of the site.</param>
    public void EndResync(IEnumerable<string> live)
    {
        if (isResyncing && live.All(id => gateways.TryGetValue(id, out var gateway) && !gateway.IsPartial))
        {
            Turn(_ => EndResync());
            Settle();
        }
    }

    /// <summary>Ends the streams of a page that is over a limit and is not counted.</summary>
    public void End(string path)
    {
        Turn(changes =>
        {
            foreach (var view in visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Page.Path == path))
            {
                changes.End(view);
            }
        }, ends: CommandKind.Refuse);

        // Those who came to it are not counted for the site either.
        whole.Totals.ForEach(Ask);
        Settle();
    }

    /// <summary>Explains the number of a page. It enumerates all visitors, so it is for operators and not for every request.</summary>
    public PageExplanation Explain(string path)
    {
        var views = visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Page.Path == path).ToList();
        var page = new PageStreamCounts(
            views.Sum(view => view.Streams.Count), views.Count(view => view.Counts), views.Count(view => view.Suspicion is not null),
            views.Count(view => view.Prerender is not null));
        return new PageExplanation(page, rules.Record.Explain());
    }

    private void EndResync()
    {
        isResyncing = false;
        foreach (var number in pages.Values.Append(whole).Append(distinct).Concat(gateways.Values.Select(gateway => gateway.Viewers).OfType<SiteNumber>()))
        {
            Touch(number);
        }
    }

    /// <summary>Schedules <see cref="Tick"/>.</summary>
    /// <returns>The current timestamp.</returns>
    private long Plan(TimeSpan after)
    {
        due.Enqueue(clock.FromNow(after));
        return clock.GetTimestamp();
    }
}
