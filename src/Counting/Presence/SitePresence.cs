using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Who is on one site: decides which of the streams that gateways hold count as viewers, because connections are not people.</summary>
/// <remarks>
/// <para>A browser keeps a left page's stream open for up to 60 s (back/forward cache, measured in Chromium 156). So when a visitor
/// opens another page of the site, its newest other view is <em>suspected</em>: it does not count, and a probe settles within a second
/// whether it was left. See <see cref="Suspicions"/> for what ends a suspicion, and <see cref="SettledBy"/> for what a probe is.</para>
/// <para>Gateways send what opened and closed in numbered batches. After a gap, or when an activation before this one had them, they are asked
/// for a snapshot; until all have sent it, no number is lower than a gateway saw it last.</para>
/// <para>Pure logic. Not safe for concurrent use.</para>
/// </remarks>
public sealed partial class SitePresence
{
    /// <summary>A suspected view that is still open this long after its probe was written counts again. A view is not probed more often than that either.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <summary>A suspected view counts again after this time when nobody says that its probe was written.</summary>
    public static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(10);

    /// <summary>A suspected view that nothing settles counts again after this time. Chromium lets a left page go after 60.0 s.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(65);

    /// <summary>
    /// A suspected view that outlives the one that was opened instead by this much counts again; a browser that closes closes all. A view that
    /// closes this long before or after another opens was left for that one.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>For how long an activation publishes nothing lower than gateways saw of the one before. By then all have sent their snapshots.</summary>
    public static readonly TimeSpan Resyncing = TimeSpan.FromSeconds(10);

    // A page that was loaded this long ago was looked at by now, or its browser has let it go.
    private static readonly TimeSpan LongestPrerender = TimeSpan.FromSeconds(60);

    // Longer than a batch can be under way: one that is late would bring streams back.
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

    /// <summary>Nobody is there yet.</summary>
    /// <param name="site">The site.</param>
    /// <param name="activation">Tells this activation from those before it; not 0.</param>
    /// <param name="clock">Tells the time; <see cref="Tick"/> acts on it.</param>
    /// <param name="publisher">Takes what others are told.</param>
    /// <param name="record">Whether probes work, of all sites of this process; null for a record of this site's own.</param>
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

    /// <summary>The gateways that have streams here, or show a number.</summary>
    public IReadOnlyCollection<string> Gateways => gateways.Keys;

    /// <summary>Whether nobody is there and nothing is to be reported, so that it need not stay in memory.</summary>
    public bool IsEmpty => gateways.Count == 0 && pages.Count == 0;

    /// <summary>Whether all gateways have said what they have open since this activation began.</summary>
    public bool IsWhole => !isResyncing;

    /// <summary>When <see cref="Tick"/> has something to do, as a timestamp; null when that is never.</summary>
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

    /// <summary>A gateway is gone, with all its streams.</summary>
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

    /// <summary>Does what has come due.</summary>
    public void Tick()
    {
        Turn(changes =>
        {
            rules.Tick(changes);
            BeginDays();
            if (isResyncing && clock.GetElapsedTime(began) >= Resyncing)
            {
                isResyncing = false;
                foreach (var number in pages.Values.Append(whole).Append(distinct).Concat(gateways.Values.Select(gateway => gateway.Viewers).OfType<SiteNumber>()))
                {
                    Touch(number);
                }
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

    /// <summary>A page is not counted, since the site has as many as it may have: its streams end.</summary>
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

    /// <summary>What is known of a page. Looks at everybody, so it is for operators and not for every request.</summary>
    public PageExplanation Explain(string path)
    {
        var views = visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Page.Path == path).ToList();
        var page = new PagePresence(
            views.Sum(view => view.Streams.Count), views.Count(view => view.Counts), views.Count(view => view.Suspicion is not null),
            views.Count(view => view.Prerender is not null));
        return new PageExplanation(page, rules.Record.Explain());
    }

    /// <returns>Now.</returns>
    private long Plan(TimeSpan after)
    {
        due.Enqueue(clock.FromNow(after));
        return clock.GetTimestamp();
    }
}
