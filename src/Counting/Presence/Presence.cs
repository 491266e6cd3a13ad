using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Decides which streams count as viewers, because connections are not people.</summary>
/// <remarks>
/// <para>A browser keeps a left page's stream open for up to 60 s (back/forward cache, measured in Chromium 156). So when a visitor
/// opens another page of the site, its newest other view is <em>in doubt</em>: it stays open and does not count. Either its stream
/// closes: it was left. Or it is still open after 65 s: it is a second tab, or somebody else behind the same address, and counts
/// again. Or the view that raised the doubt closes and it is still open 2 s later: it counts again at once.</para>
/// <para>Where there are several gateways, each hears of the streams of the others and applies the same rules to all of them; the
/// audience has only the views that are this gateway's to count. What happens here is told to those who <see cref="Follow"/>.</para>
/// <para>Pure logic, safe for concurrent use. Who has to be told something is told after the lock is released.</para>
/// </remarks>
/// <param name="audience">Is kept up to date with what counts.</param>
/// <param name="clock">Tells the time; <see cref="Tick"/> acts on it.</param>
/// <param name="changed">Is told each page whose viewers changed, after the change can be read.</param>
/// <param name="visitorsChanged">Is told each site whose visitors changed.</param>
/// <param name="gateway">Names this gateway.</param>
public sealed class Presence(
    Audience audience, TimeProvider clock, Action<PageKey> changed, Action<string>? visitorsChanged = null, string gateway = "")
{
    /// <summary>A view in doubt that is still open after this time counts again. Chromium lets a left page go after 60.0 s.</summary>
    public static readonly TimeSpan DoubtLasts = TimeSpan.FromSeconds(65);

    /// <summary>
    /// A view in doubt that outlives the one that raised the doubt by this much counts again; a browser that closes closes all.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A browser lets a left page go at once, on the next frame, or 60 s later. A stream in doubt that closes in between was probably looked at.
    /// </summary>
    public static readonly TimeSpan BrowserKeeps = TimeSpan.FromSeconds(59);

    /// <summary>A stream in doubt gets its frame at once and again after this time: Firefox closes a left page's stream on it.</summary>
    public static readonly TimeSpan SecondNudge = TimeSpan.FromSeconds(1);

    /// <summary>Different pictures of one page that open within this time are one view.</summary>
    public static readonly TimeSpan PageLoad = TimeSpan.FromSeconds(2);

    /// <summary>Of a browser's connections to a host its streams may hold so many before a left page's is ended.</summary>
    public const int ScarceStreams = 4;

    /// <summary>The connections a browser opens to a host over HTTP/1.1; more are several browsers', and none of theirs is ended.</summary>
    public const int BrowserConnections = 6;

    // How many streams of a gateway that is gone are closed before others get their turn.
    private const int AtOnce = 256;

    private readonly Lock gate = new();
    private readonly Mind mind = new(clock);
    private long opened;

    /// <summary>Whether nothing is remembered of anybody.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return mind.IsEmpty;
            }
        }
    }

    /// <summary>The distinct visitors of a site that have a stream open here or at a gateway that is heard.</summary>
    public int CountVisitors(string site)
    {
        lock (gate)
        {
            return mind.Visitors.Count(site);
        }
    }

    /// <summary>A stream opens.</summary>
    /// <param name="arrival">Whose it is, and on which page.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>What to give to <see cref="Close"/> when it has closed.</returns>
    public PresenceTicket Open(Arrival arrival, IOpenResponse stream)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        var effects = new Effects();
        PresenceTicket ticket;
        lock (gate)
        {
            ticket = new PresenceTicket(
                gateway, ++opened, TextHash.Of(arrival.Picture), arrival.Load is { } load ? TextHash.Of(load) : 0, arrival.Scarce, stream);
            mind.Open(arrival, ticket, effects);
            effects.Settle(audience);
        }

        effects.Run(changed, visitorsChanged);
        return ticket;
    }

    /// <summary>A stream has closed. Without effect the second time.</summary>
    public void Close(PresenceTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var effects = new Effects();
        lock (gate)
        {
            mind.Close(ticket, effects);
            effects.Settle(audience);
        }

        effects.Run(changed, visitorsChanged);
    }

    /// <summary>Does what has come due. To be called about once a second.</summary>
    public void Tick() => Do(effects =>
    {
        mind.Rules.Doubts.Tick(effects);
        return true;
    });

    /// <summary>Ends every stream of a page that cannot be counted. Looks at everybody, so it is for rare cases.</summary>
    public void End(PageKey page) => Do(effects =>
    {
        foreach (var view in mind.Visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Spot.Page == page))
        {
            effects.End(view);
        }

        return true;
    });

    /// <summary>What is known of a page. Looks at everybody, so it is for operators and not for every request.</summary>
    public PagePresence Explain(PageKey page)
    {
        lock (gate)
        {
            var spots = mind.Visitors.All.SelectMany(visitor => visitor.Views).Select(view => view.Spot)
                .Where(spot => spot.Page == page).Distinct().ToList();
            return new PagePresence(
                spots.Sum(spot => spot.Views.Sum(view => view.Streams.Count)),
                spots.Sum(spot => spot.Counting),
                spots.Sum(spot => spot.InDoubt));
        }
    }

    /// <summary>Another gateway wants to hear what happens here.</summary>
    /// <param name="follower">Is told everything from now on, one after the other and under the lock: it must not block.</param>
    /// <returns>What is open here by now.</returns>
    public IReadOnlyList<StreamOpened> Follow(Action<StreamNews> follower)
    {
        lock (gate)
        {
            mind.Followers.Add(follower);
            return mind.Snapshot();
        }
    }

    /// <summary>It wants to hear no more.</summary>
    public void Unfollow(Action<StreamNews> follower)
    {
        lock (gate)
        {
            mind.Followers.Remove(follower);
        }
    }

    /// <summary>Something happened at another gateway. What one gateway says has to come in its order.</summary>
    public void Hear(string from, StreamNews news) => Do(effects =>
    {
        if (news is StreamOpened stream)
        {
            mind.Elsewhere.Hear(from, stream, effects);
        }
        else if (news is StreamClosed closed)
        {
            mind.Elsewhere.Hear(from, closed, effects);
        }

        return true;
    });

    /// <summary>Another gateway begins to tell all that it has open.</summary>
    public void BeginSnapshot(string from)
    {
        lock (gate)
        {
            mind.Elsewhere.BeginSnapshot(from);
        }
    }

    /// <summary>It has told all: what is known of it and was not mentioned has closed.</summary>
    public void EndSnapshot(string from) => CloseUnmentioned(from, gone: false);

    /// <summary>Another gateway is gone, with all its streams.</summary>
    public void Forget(string from) => CloseUnmentioned(from, gone: true);

    private void CloseUnmentioned(string from, bool gone)
    {
        while (!Do(effects => mind.Elsewhere.CloseUnmentioned(from, gone, AtOnce, effects)))
        {
            // Others had their turn meanwhile.
        }
    }

    private T Do<T>(Func<Effects, T> act)
    {
        var effects = new Effects();
        T result;
        lock (gate)
        {
            result = act(effects);
            effects.Settle(audience);
        }

        effects.Run(changed, visitorsChanged);
        return result;
    }
}

/// <summary>What presence knows of a page.</summary>
/// <param name="Streams">The open streams.</param>
/// <param name="Viewers">The views that count.</param>
/// <param name="InDoubt">The views that may have been left.</param>
public sealed record PagePresence(int Streams, int Viewers, int InDoubt);
