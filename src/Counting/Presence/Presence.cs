using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Decides which streams count as viewers, because connections are not people.</summary>
/// <remarks>
/// <para>A browser keeps a left page's stream open for up to 60 s (back/forward cache, measured in Chromium 156). So when a visitor
/// opens another page of the site, its newest other view is <em>in doubt</em>: it stays open and does not count. Either its stream
/// closes: it was left. Or it is still open after 65 s: it is a second tab, or somebody else behind the same address, and counts
/// again. Or the view that raised the doubt closes and it is still open 2 s later: it counts again at once.</para>
/// <para>Pure logic, safe for concurrent use. Who has to be told something is told after the lock is released.</para>
/// </remarks>
/// <param name="audience">Is kept up to date with what counts.</param>
/// <param name="clock">Tells the time; <see cref="Tick"/> acts on it.</param>
/// <param name="changed">Is told each page whose viewers changed, after the change can be read.</param>
public sealed class Presence(Audience audience, TimeProvider clock, Action<PageKey> changed)
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

    private readonly Lock gate = new();
    private readonly Visitors visitors = new();
    private readonly Doubts doubts = new(audience, clock);

    /// <summary>Whether nothing is remembered of anybody.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return visitors.IsEmpty && doubts.IsEmpty;
            }
        }
    }

    /// <summary>The distinct visitors of a site that have a stream open here.</summary>
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
        var effects = new Effects();
        PresenceTicket ticket;
        lock (gate)
        {
            var known = visitors.Count(arrival.Visitor.Site);
            var visitor = visitors.FindOrAdd(arrival);
            if (visitors.Count(arrival.Visitor.Site) != known)
            {
                // The site's visitors are a number too, also where no page's viewers change.
                effects.Changed(arrival.Page);
            }

            FreeConnection(visitor, arrival, effects);
            var view = FindPageLoad(visitor, arrival) ?? OpenView(visitor, arrival, effects);
            ticket = new PresenceTicket(view, arrival.Picture, stream, arrival.Scarce);
            view.Streams.Add(ticket);
            view.Load ??= arrival.Load;
            if (arrival.Issued is { } key)
            {
                visitors.Issue(key, view);
            }
        }

        effects.Run(changed);
        return ticket;
    }

    /// <summary>A stream has closed. Without effect the second time.</summary>
    public void Close(PresenceTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var effects = new Effects();
        lock (gate)
        {
            if (ticket.View.Streams.Remove(ticket) && ticket.View.Streams.Count == 0)
            {
                CloseView(ticket.View, effects);
            }
        }

        effects.Run(changed);
    }

    /// <summary>Does what has come due. To be called about once a second.</summary>
    public void Tick()
    {
        var effects = new Effects();
        lock (gate)
        {
            doubts.Tick(effects);
        }

        effects.Run(changed);
    }

    /// <summary>Ends every stream of a page that cannot be counted. Looks at everybody, so it is for rare cases.</summary>
    public void End(PageKey page)
    {
        var effects = new Effects();
        lock (gate)
        {
            foreach (var view in visitors.All.SelectMany(visitor => visitor.Views).Where(view => view.Spot.Page == page))
            {
                effects.End(view);
            }
        }

        effects.Run(changed);
    }

    /// <summary>What is known of a page. Looks at everybody, so it is for operators and not for every request.</summary>
    public PagePresence Explain(PageKey page)
    {
        lock (gate)
        {
            var spots = visitors.All.SelectMany(visitor => visitor.Views).Select(view => view.Spot)
                .Where(spot => spot.Page == page).Distinct().ToList();
            return new PagePresence(
                spots.Sum(spot => spot.Views.Sum(view => view.Streams.Count)),
                spots.Sum(spot => spot.Counting),
                spots.Sum(spot => spot.Doubts.Count));
        }
    }

    private View? FindPageLoad(Visitor visitor, Arrival arrival) =>
        visitor.Views.Find(view => view.Spot.Page == arrival.Page && arrival.Load is not null && view.Load == arrival.Load)
        ?? visitor.Views.Find(view =>
            view.Spot.Page == arrival.Page
            && clock.GetElapsedTime(view.OpenedAt) <= PageLoad
            && (view.Load is null || arrival.Load is null)
            && view.Streams.TrueForAll(ticket => ticket.Picture != arrival.Picture));

    private View OpenView(Visitor visitor, Arrival arrival, Effects effects)
    {
        var newest = visitor.NewestCounting();
        var view = new View(visitor, visitor.SpotOn(arrival.Page), clock.GetTimestamp());
        view.Spot.Views.Add(view);
        visitor.Views.Add(view);
        view.Explained = visitor.TakeDeparture(clock);
        if (newest is not null && !view.Explained && (newest.Spot != view.Spot || arrival.Visitor.Kind == IdentityKind.Strong))
        {
            doubts.Raise(newest.Spot, by: view, effects);
            audience.Enter(arrival.Page, instead: newest.Spot.Page);
            effects.Changed(newest.Spot.Page);
        }
        else
        {
            audience.Enter(arrival.Page);
        }

        effects.Changed(arrival.Page);
        return view;
    }

    private void CloseView(View view, Effects effects)
    {
        view.Spot.Views.Remove(view);
        visitors.Remove(view);
        if (view.Spot.Doubts.Count > 0)
        {
            // The page's viewers stay as they are; the site's visitors may be one less.
            if (doubts.Confirm(view.Spot, view) is var age && age > Grace && age < BrowserKeeps && !view.Ended && view.Visitor.IsSeveral)
            {
                // In a class it was somebody who was looking and is about to open the next page; the doubt was about another.
                view.Visitor.Departures.Enqueue(clock.GetTimestamp());
            }

            effects.Changed(view.Spot.Page);
            return;
        }

        audience.Leave(view.Spot.Page);
        effects.Changed(view.Spot.Page);
        if (view.Raised is { Settled: false } doubt)
        {
            doubts.Reconsider(doubt);
        }

        if (view.Visitor.UnexplainedOpening(clock) is { } opening)
        {
            doubts.Explain(opening, effects);
        }
        else
        {
            view.Visitor.Departures.Enqueue(clock.GetTimestamp());
        }
    }

    /// <summary>
    /// A browser's left pages must not take all its connections, or its next page waits for one. Only a spot whose views are all in
    /// doubt gives one up: elsewhere it could be somebody's who is looking.
    /// </summary>
    private static void FreeConnection(Visitor visitor, Arrival arrival, Effects effects)
    {
        if (arrival.Scarce
            && visitor.Views.Sum(view => view.Streams.Count(ticket => ticket.Scarce)) is >= ScarceStreams and <= BrowserConnections
            && visitor.Views.Find(view => view.Spot.Counting == 0) is { } oldest)
        {
            oldest.Ended = true;
            effects.End(oldest);
        }
    }
}

/// <summary>What presence knows of a page.</summary>
/// <param name="Streams">The open streams.</param>
/// <param name="Viewers">The views that count.</param>
/// <param name="InDoubt">The views that may have been left.</param>
public sealed record PagePresence(int Streams, int Viewers, int InDoubt);
