namespace Counter.Counting.Presence;

/// <content>The batches of gateways.</content>
public sealed partial class SitePresence
{
    /// <summary>Applies a batch of a live gateway.</summary>
    public PresenceReply Apply(PresenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var begins = batch.Part.HasFlag(SnapshotPart.First);
        var gateway = gateways.GetValueOrDefault(batch.Gateway);
        if (batch.Number <= gateway?.Last)
        {
            // The answer was lost, or the batch is late.
            return new PresenceReply(BatchStatus.Applied, Answer(gateway, batch), batch.Number == gateway.Last ? gateway.Commands : []);
        }

        if (!begins && (gateway is null || gateway.Last != batch.After))
        {
            return PresenceReply.Resync;
        }

        if (gateway is null)
        {
            gateways[batch.Gateway] = gateway = new GatewayStreams(batch.Gateway);
        }

        gateway.Last = batch.Number;
        gateway.Snapshot += begins ? 1 : 0;
        gateway.IsPartial = (gateway.IsPartial || begins) && !batch.Part.HasFlag(SnapshotPart.Last);
        Turn(changes => Apply(gateway, batch, changes), gateway);
        gateway.Commands = answered ?? [];
        gateway.EmptySince = gateway is { Streams.Count: 0, Shown.Count: 0 } ? gateway.EmptySince ?? Plan(Remembered) : null;
        var reply = new PresenceReply(BatchStatus.Applied, Answer(gateway, batch), gateway.Commands);
        Settle(gateway);
        return reply;
    }

    private void Apply(GatewayStreams gateway, PresenceBatch batch, PresenceChanges changes)
    {
        foreach (var number in batch.AllShown)
        {
            Show(gateway, number);
        }

        foreach (var change in batch.Changes)
        {
            if (change.Opening is { } opening)
            {
                Open(gateway, change.Stream, opening, changes);
            }
            else if (gateway.Streams.Remove(change.Stream, out var closed))
            {
                rules.Close(closed, changes);
            }
        }

        foreach (var probed in batch.Probed)
        {
            if (gateway.Streams.TryGetValue(probed, out var stream))
            {
                rules.Probed(stream, changes);
            }
        }

        foreach (var crowd in batch.Crowds)
        {
            Release(gateway, crowd, changes);
        }

        foreach (var hidden in batch.Hidden)
        {
            Hide(gateway, NumberOf(hidden));
        }

        if (batch.Part.HasFlag(SnapshotPart.Last))
        {
            CloseUnmentioned(gateway, changes);
        }
    }

    private void Open(GatewayStreams gateway, long number, StreamOpening opening, PresenceChanges changes)
    {
        if (gateway.Streams.TryGetValue(number, out var known))
        {
            known.Snapshot = gateway.Snapshot;
            return;
        }

        var at = OpenedAt(gateway, number, opening);
        var page = PageOf(opening.Path).Page;
        var stream = new PresenceStream(gateway.Id, number, opening) { Snapshot = gateway.Snapshot };
        gateway.Streams.Add(number, stream);
        var visitor = visitors.FindOrAdd(Key(opening.Visitor), opening.Before is { } before ? Key(before) : null, changes);
        var view = PresenceRules.FindView(visitor, page, stream.Picture, stream.Load);
        if (view is null)
        {
            if (opening.IsPrerendered && opening.Age < LongestPrerender)
            {
                view = rules.OpenPrerendered(visitor, page, stream, at, changes);
            }
            else
            {
                view = rules.OpenView(visitor, page, stream, at, changes);
                if (!opening.IsAcknowledged && !opening.IsAgain)
                {
                    changes.AddArrivals(page, 1);
                }
            }
        }
        else
        {
            PresenceRules.Join(view, stream, changes);
        }

        if (opening.Issued is { } issued)
        {
            Issue(new VisitorId(IdentityKind.Strong, issued), view, changes);
        }

        VisitorId Key(ulong id) => new(opening.Kind, id);
    }

    /// <summary>
    /// When a stream opened, as a timestamp. Batches take unequal times, but of two streams of a gateway the one with the higher number
    /// opened later.
    /// </summary>
    private long OpenedAt(GatewayStreams gateway, long number, StreamOpening opening)
    {
        var at = clock.FromNow(-opening.Age);
        if (number > gateway.Newest.Number)
        {
            gateway.Newest = (number, at = gateway.Newest.Number > 0 ? Math.Max(at, gateway.Newest.At) : at);
        }

        return at;
    }

    /// <summary>
    /// A view's browser was issued an identity. Another gateway, or a snapshot, may already have reported a stream with that identity.
    /// </summary>
    private void Issue(VisitorId key, View view, PresenceChanges changes)
    {
        if (view.Visitor.Key == key)
        {
            return;
        }

        if (visitors.Find(key) is { } back)
        {
            visitors.Move(view, back, changes);
            rules.Loads.Rejoin(view, changes);
        }
        else
        {
            visitors.Issue(key, view);
        }
    }

    private void Release(GatewayStreams gateway, CrowdedBrowser crowd, PresenceChanges changes)
    {
        var mayEnd = crowd.MostEnded;
        foreach (var number in crowd.Streams)
        {
            if (!gateway.Streams.TryGetValue(number, out var stream) || stream.View is not { Counts: false } view)
            {
                continue;
            }

            if (view.Settles != SettledBy.Nothing)
            {
                rules.Probes.AskSoon(view, ProbeGround.Connections, changes);
            }
            else if (mayEnd > 0 && !view.Ended)
            {
                mayEnd--;
                changes.End(view);
            }
        }
    }

    private void CloseUnmentioned(GatewayStreams gateway, PresenceChanges changes)
    {
        foreach (var stream in gateway.Streams.Values.Where(stream => stream.Snapshot != gateway.Snapshot).ToList())
        {
            gateway.Streams.Remove(stream.Number);
            rules.Close(stream, changes);
        }

        foreach (var (number, _) in gateway.Shown.Where(shown => shown.Value != gateway.Snapshot).ToList())
        {
            Hide(gateway, number);
        }
    }
}
