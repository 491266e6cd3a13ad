namespace Counter.Counting.Presence;

/// <summary>What presence knows and does under its lock.</summary>
internal sealed class Mind
{
    private readonly Stamps stamps;

    public Mind(TimeProvider clock)
    {
        stamps = new Stamps(clock);
        Followers = new Followers(clock);
        Visitors = new Visitors(Followers);
        Rules = new Rules(Visitors, clock);
        Elsewhere = new Elsewhere(Rules, Visitors, stamps, new PageLoads(Rules, Visitors, Followers, clock));
    }

    /// <summary>The visitors with streams here or elsewhere.</summary>
    public Visitors Visitors { get; }

    /// <summary>What is made of what happens.</summary>
    public Rules Rules { get; }

    /// <summary>The streams of other gateways.</summary>
    public Elsewhere Elsewhere { get; }

    /// <summary>The gateways that hear of the streams here.</summary>
    public Followers Followers { get; }

    /// <summary>Whether nothing is remembered of anybody.</summary>
    public bool IsEmpty => Visitors.IsEmpty && Rules.Doubts.IsEmpty && Elsewhere.IsEmpty;

    /// <summary>A stream opens here.</summary>
    public void Open(Arrival arrival, PresenceTicket stream, Effects effects)
    {
        var visitor = Visitors.FindOrAdd(arrival.Visitor, arrival.Before, effects);
        if (arrival.Scarce)
        {
            Rules.FreeConnection(visitor, effects);
        }

        var view = Rules.FindPageLoad(visitor, arrival.Page, stream.Picture, stream.Load);
        if (view is null)
        {
            var name = new ViewName(stream.Gateway, stream.Number);
            view = Rules.OpenView(visitor, arrival.Page, name, stamps.Next(), TimeSpan.Zero, effects);
            effects.Came(arrival.Page, 1);
        }

        view.Add(stream);
        effects.Touch(view.Spot);
        if (arrival.Issued is { } key)
        {
            Visitors.Issue(key, view);
        }

        Followers.Opened(stream);
    }

    /// <summary>A stream here has closed.</summary>
    public void Close(PresenceTicket stream, Effects effects)
    {
        if (Rules.Close(stream, effects))
        {
            Followers.Closed(stream);
        }
    }

    /// <summary>All streams that are open here.</summary>
    public IReadOnlyList<StreamOpened> Snapshot() =>
    [
        .. Visitors.All.SelectMany(visitor => visitor.Views).SelectMany(view => view.Streams)
            .Where(stream => stream.Response is not null).Select(Followers.Describe),
    ];
}
