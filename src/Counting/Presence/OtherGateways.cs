namespace Counter.Counting.Presence;

/// <summary>
/// The streams of the other gateways, as those say. Each gateway has the last word about its own streams; what it says of one
/// replaces what was thought of it. Not safe for concurrent use: <see cref="Presence"/> holds its lock.
/// </summary>
internal sealed class OtherGateways(PresenceRules rules, Visitors visitors, Stamps stamps)
{
    private readonly Dictionary<string, Gateway> gateways = [];

    /// <summary>Whether no other gateway has a stream.</summary>
    public bool IsEmpty => gateways.Count == 0;

    /// <summary>A gateway says that a stream is open.</summary>
    public void Hear(string from, StreamOpened news, PresenceChanges changes)
    {
        stamps.Hear(news.Stamp);
        var gateway = FindOrAdd(from);
        if (gateway.Streams.TryGetValue(news.Number, out var stream))
        {
            stream.Snapshot = gateway.Snapshot;
            Correct(stream, news, changes);
            return;
        }

        var visitor = VisitorOf(news, changes);
        stream = new PresenceTicket(from, news.Number, news.Picture, news.Load, news.Settles, response: null) { Snapshot = gateway.Snapshot };
        gateway.Streams.Add(news.Number, stream);
        var known = visitor.Find(news.View);
        var view = known ?? (news.Prerendered
            ? rules.OpenPrerendered(visitor, news.Page, news.View, news.Stamp, news.Age, changes)
            : rules.OpenView(visitor, news.Page, news.View, news.Stamp, news.Age, changes));
        rules.Join(view, stream, changes);
        view.Was ??= news.Was;
        LearnIssued(view, news);
        rules.Loads.Reconcile(stream, isNew: known is null, changes);
    }

    /// <summary>A gateway says that a stream has closed.</summary>
    public void Hear(string from, StreamClosed news, PresenceChanges changes)
    {
        if (gateways.TryGetValue(from, out var gateway) && gateway.Streams.Remove(news.Number, out var stream))
        {
            rules.Close(stream, changes);
            Tidy(from, gateway);
        }
    }

    /// <summary>A gateway begins to tell all that it has open; what it does not mention until it is done has closed meanwhile.</summary>
    public void BeginSnapshot(string from) => FindOrAdd(from).Snapshot++;

    /// <summary>Closes streams that the snapshot did not mention; all of them where the gateway is gone.</summary>
    /// <param name="from">The gateway.</param>
    /// <param name="gone">Whether it is.</param>
    /// <param name="most">How many to close at most.</param>
    /// <param name="changes">Gets what that changes.</param>
    /// <returns>Whether that was all.</returns>
    public bool CloseUnmentioned(string from, bool gone, int most, PresenceChanges changes)
    {
        if (!gateways.TryGetValue(from, out var gateway))
        {
            return true;
        }

        var closed = gateway.Streams.Values.Where(stream => gone || stream.Snapshot != gateway.Snapshot).Take(most).ToList();
        foreach (var stream in closed)
        {
            gateway.Streams.Remove(stream.Number);
            rules.Close(stream, changes);
        }

        Tidy(from, gateway);
        return closed.Count < most;
    }

    /// <summary>Its gateway has said something else of the stream than is thought here: whose it is, or which view it is of.</summary>
    private void Correct(PresenceTicket stream, StreamOpened news, PresenceChanges changes)
    {
        var visitor = VisitorOf(news, changes);
        var wrong = stream.View;
        if (wrong.Name == news.View && wrong.Visitor == visitor)
        {
            LearnIssued(wrong, news);
            return;
        }

        var known = visitor.Find(news.View);
        var view = known ?? rules.Place(visitor, news.Page, news.View, news.Stamp, news.Age);
        rules.Loads.Move(stream, view, changes);
        if (wrong.Explained && !stream.View.Explained)
        {
            Suspicions.Explain(stream.View, changes);
        }

        stream.View.Was ??= news.Was;
        LearnIssued(stream.View, news);
        rules.Loads.Reconcile(stream, isNew: known is null, changes);
    }

    /// <summary>Whose a stream is. What is known of its view comes along where that was thought to be somebody else's.</summary>
    private Visitor VisitorOf(StreamOpened news, PresenceChanges changes)
    {
        if (news.Was is { } was)
        {
            var now = visitors.FindOrAdd(news.Visitor, news.Before, changes);
            Bring(news.View, visitors.Find(was.Key, was.Before), now, changes);
            return now;
        }

        if (news.Issued is { } key && visitors.Find(key, before: null) is { } visitor)
        {
            // Its browser has come back with that at yet another gateway, of which was heard first.
            Bring(news.View, visitors.Find(news.Visitor, news.Before), visitor, changes);
            return visitor;
        }

        return visitors.FindOrAdd(news.Visitor, news.Before, changes);
    }

    private void Bring(ViewName name, Visitor? from, Visitor to, PresenceChanges changes)
    {
        if (from is not null && from != to && from.Find(name) is { } view)
        {
            rules.Loads.Move(view, to, changes);
        }
    }

    private void LearnIssued(View view, StreamOpened news)
    {
        if (news.Issued is { } key && view.Issued != key && view.Visitor.Key != key)
        {
            visitors.Issue(key, view);
        }
    }

    private Gateway FindOrAdd(string id)
    {
        if (!gateways.TryGetValue(id, out var gateway))
        {
            gateways[id] = gateway = new Gateway();
        }

        return gateway;
    }

    private void Tidy(string id, Gateway gateway)
    {
        if (gateway.Streams.Count == 0)
        {
            gateways.Remove(id);
        }
    }

    private sealed class Gateway
    {
        public Dictionary<long, PresenceTicket> Streams { get; } = [];

        public int Snapshot { get; set; }
    }
}
