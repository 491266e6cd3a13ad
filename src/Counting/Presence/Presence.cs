using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Decides which streams count as viewers, because connections are not people.</summary>
/// <remarks>
/// <para>A browser keeps a left page's stream open for up to 60 s (back/forward cache, measured in Chromium 156). So when a visitor
/// opens another page of the site, its newest other view is <em>suspected</em>: it does not count, and a probe settles within a second
/// whether it was left. See <see cref="Suspicions"/> for what ends a suspicion, and <see cref="SettledBy"/> for what a probe is. Views are probed
/// periodically too, so that the last page of a visit stops counting.</para>
/// <para>Where there are several gateways, each hears of the streams of the others and applies the same rules to all of them; the
/// audience has only the views that are this gateway's to count. What happens here is told to those who <see cref="Follow"/>.</para>
/// <para>Pure logic, safe for concurrent use. Who has to be told something is told after the lock is released.</para>
/// </remarks>
public sealed partial class Presence
{
    /// <summary>A suspected view that is still open this long after its probe was written counts again. Twice a probe may not follow sooner either.</summary>
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

    /// <summary>Different pictures of one page that open at two gateways within this time are one view.</summary>
    public static readonly TimeSpan PageLoad = TimeSpan.FromSeconds(2);

    // How many streams of a gateway that is gone are closed before others get their turn.
    private const int AtOnce = 256;

    private readonly Lock gate = new();
    private readonly Audience audience;
    private readonly Action<PageKey> changed;
    private readonly Action<string>? visitorsChanged;
    private readonly Action<string, bool>? judged;
    private readonly string gateway;
    private readonly Stamps stamps;
    private readonly Followers followers;
    private readonly Visitors visitors;
    private readonly PresenceRules rules;
    private readonly OtherGateways others;
    private long opened;

    /// <param name="audience">Is kept up to date with what counts.</param>
    /// <param name="clock">Tells the time; <see cref="Tick"/> acts on it.</param>
    /// <param name="changed">Is called for each page whose viewers changed, after the change can be read.</param>
    /// <param name="visitorsChanged">Is called for each site whose visitors changed.</param>
    /// <param name="gateway">Names this gateway.</param>
    /// <param name="probes">How streams are probed.</param>
    /// <param name="judged">Is called with a browser's version when its probes are given up (false) or work again (true).</param>
    public Presence(
        Audience audience, TimeProvider clock, Action<PageKey> changed, Action<string>? visitorsChanged = null, string gateway = "",
        ProbeOptions? probes = null, Action<string, bool>? judged = null)
    {
        (this.audience, this.changed, this.visitorsChanged, this.gateway, this.judged) = (audience, changed, visitorsChanged, gateway, judged);
        stamps = new Stamps(clock);
        followers = new Followers(clock);
        visitors = new Visitors(followers);
        rules = new PresenceRules(visitors, followers, probes ?? ProbeOptions.Default, clock);
        others = new OtherGateways(rules, visitors, stamps);
    }

    /// <summary>How many probes there were.</summary>
    public ProbeCounts Probes => rules.Counts;

    /// <summary>Whether nothing is remembered of anybody.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return rules.IsEmpty && others.IsEmpty;
            }
        }
    }

    /// <summary>The distinct visitors of a site that have a stream open here or at a gateway that is heard.</summary>
    public int CountVisitors(string site)
    {
        lock (gate)
        {
            return visitors.Count(site);
        }
    }

    /// <summary>A stream opens.</summary>
    /// <param name="arrival">Whose it is, and on which page.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>What to give to <see cref="Close"/> when it has closed.</returns>
    public PresenceTicket Open(Arrival arrival, IOpenResponse stream)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        return Do(changes =>
        {
            var ticket = new PresenceTicket(
                gateway, ++opened, TextHash.Of(arrival.Picture), arrival.Load is { } load ? TextHash.Of(load) : 0, arrival.Settles, stream)
            {
                Version = rules.Record.Find(arrival.Browser),
                Network = arrival.Network,
            };
            Open(arrival, ticket, changes);
            return ticket;
        });
    }

    /// <summary>A stream has closed. Without effect the second time.</summary>
    public void Close(PresenceTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        Do(changes =>
        {
            if (rules.Close(ticket, changes))
            {
                followers.Closed(ticket);
            }

            return true;
        });
    }

    /// <summary>A stream's browser has few connections left: unless its view counts, it is probed, or ended where nothing settles it.</summary>
    /// <param name="ticket">The stream.</param>
    /// <param name="mayEnd">Whether it may be ended.</param>
    /// <returns>Whether it is ended.</returns>
    public bool Release(PresenceTicket ticket, bool mayEnd)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return Do(changes =>
        {
            var view = ticket.View;
            if (view.Streams.Count == 0 || view.Counts)
            {
                return false;
            }

            if (view.Settles != SettledBy.Nothing)
            {
                rules.Probes.AskSoon(view, ProbeGround.Connections, changes);
            }
            else if (mayEnd && !view.Ended)
            {
                changes.End(view);
                return true;
            }

            return false;
        });
    }

    /// <summary>Does what has come due. To be called about four times a second.</summary>
    public void Tick() => Do(changes =>
    {
        rules.Tick(changes);
        return true;
    });

    /// <summary>Ends every stream of a page that cannot be counted. Looks at everybody, so it is for rare cases.</summary>
    public void End(PageKey page) => Do(changes =>
    {
        foreach (var view in visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Page == page))
        {
            changes.End(view);
        }

        return true;
    });

    private void Open(Arrival arrival, PresenceTicket ticket, PresenceChanges changes)
    {
        var visitor = visitors.FindOrAdd(arrival.Visitor, arrival.Before, changes);
        var view = PresenceRules.FindView(visitor, arrival.Page, ticket.Picture, ticket.Load);
        if (view is null)
        {
            var name = new ViewName(gateway, ticket.Number);
            if (arrival.Prerendered)
            {
                view = rules.OpenPrerendered(visitor, arrival.Page, name, stamps.Next(), TimeSpan.Zero, changes);
            }
            else
            {
                view = rules.OpenView(visitor, arrival.Page, name, stamps.Next(), TimeSpan.Zero, changes);
                changes.Came(arrival.Page, 1);
            }
        }

        rules.Join(view, ticket, changes);
        if (arrival.Issued is { } key)
        {
            visitors.Issue(key, view);
        }

        followers.Opened(ticket);
    }

    private T Do<T>(Func<PresenceChanges, T> act)
    {
        var changes = new PresenceChanges();
        var pages = new HashSet<PageKey>();
        T result;
        lock (gate)
        {
            result = act(changes);
            audience.Apply(changes, pages);
        }

        foreach (var page in pages)
        {
            changed(page);
        }

        foreach (var site in changes.Sites)
        {
            visitorsChanged?.Invoke(site);
        }

        foreach (var stream in changes.Probes)
        {
            stream.Response?.Probe(() => Probed(stream));
        }

        foreach (var stream in changes.Ends)
        {
            stream.Response?.End();
        }

        foreach (var version in changes.Judged)
        {
            judged?.Invoke(version.Browser, !version.IsGivenUp);
        }

        return result;
    }

    private void Probed(PresenceTicket stream) => Do(changes =>
    {
        rules.Probed(stream, changes);
        return true;
    });
}
