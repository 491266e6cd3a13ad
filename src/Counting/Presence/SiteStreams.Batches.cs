using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <content>The batches and their answers.</content>
public sealed partial class SiteStreams
{
    /// <summary>Whether there is something to send, or a batch is under way.</summary>
    public bool HasChanges
    {
        get
        {
            lock (gate)
            {
                return IsToSend;
            }
        }
    }

    // The first batch begins an empty snapshot. It is not sent before there is something to send.
    private bool IsToSend => underWay is not null || changes.Count > 0 || probed.Count > 0 || unseen.Count > 0 || hidden.Count > 0 || crowds.Count > 0
        || asksAll || checks || snapshot is { Count: > 0 } || (begins && last > 0);

    /// <summary>
    /// Sends the next batch even if it is empty, because an update of the presence may be lost, or the presence may have started again.
    /// </summary>
    /// <param name="asksAll">Whether the answer must have all numbers that are shown.</param>
    public void Check(bool asksAll)
    {
        lock (gate)
        {
            checks = true;
            this.asksAll |= asksAll;
        }
    }

    /// <summary>The next batch to send; null when one is under way or there is nothing to send.</summary>
    public PresenceBatch? TakeBatch()
    {
        lock (gate)
        {
            return underWay is null && IsToSend ? underWay = Make() : null;
        }
    }

    /// <summary>Applies the answer to the batch under way.</summary>
    /// <returns>The shown numbers that are newer than the known ones, and the streams that the numbers include from now on.</returns>
    public (IReadOnlyList<CountUpdate> Numbers, IReadOnlyList<StreamEntry> Acknowledged) Answer(PresenceReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        lock (gate)
        {
            if (underWay is null || reply.Status == BatchStatus.UnknownGateway)
            {
                return ([], []);
            }

            underWay = null;
            if (reply.Status == BatchStatus.Resync)
            {
                opening = [];
                Resync();
                return ([], []);
            }

            foreach (var stream in opening)
            {
                stream.IsAcknowledged = true;
            }

            var acknowledged = opening;
            opening = [];
            return ([.. reply.Numbers.Where(Apply)], acknowledged);
        }
    }

    /// <summary>The batch under way, to be sent again because it was not answered; null when none is.</summary>
    public PresenceBatch? TakeAgain()
    {
        lock (gate)
        {
            return underWay;
        }
    }

    private PresenceBatch Make()
    {
        var part = SnapshotPart.None;
        var sent = new List<StreamChange>();
        var now = clock.GetTimestamp();
        opening = [];
        if (begins)
        {
            (begins, part) = (false, SnapshotPart.First);
        }

        if (snapshot is not null)
        {
            while (sent.Count < PresenceBatch.MostChanges && snapshot.TryDequeue(out var stream))
            {
                Open(stream);
            }

            if (snapshot.Count == 0)
            {
                snapshot = null;
                part |= SnapshotPart.Last;
            }
        }

        if (snapshot is null)
        {
            var taken = Math.Min(PresenceBatch.MostChanges - sent.Count, changes.Count);
            foreach (var (stream, isOpen) in changes.Take(taken))
            {
                if (isOpen)
                {
                    Open(stream);
                }
                else
                {
                    sent.Add(new StreamChange(stream.Number, null));
                }
            }

            changes.RemoveRange(0, taken);
        }

        var batch = new PresenceBatch(
            gateway, next(), last, part, sent, [.. probed], Seen(isTotal: false), [.. hidden], [.. crowds], asksAll, Limits, Seen(isTotal: true));
        last = batch.Number;
        foreach (var total in batch.Totals!.Where(total => awaited.ContainsKey(total.Key)))
        {
            awaited[total.Key] = Math.Min(awaited[total.Key], last);
        }

        probed.Clear();
        unseen.Clear();
        hidden.Clear();
        crowds.Clear();
        asksAll = checks = false;
        return batch;

        ShownNumber[] Seen(bool isTotal) => [.. unseen.Where(key => key.IsTotal == isTotal).Select(key => new ShownNumber(key, shown[key]))];

        void Open(StreamEntry stream)
        {
            opening.Add(stream);
            sent.Add(new StreamChange(stream.Number, stream.Describe(now, clock)));
        }
    }

    /// <summary>Begins a snapshot of all that is open and shown.</summary>
    private void Resync()
    {
        begins = true;
        snapshot = new Queue<StreamEntry>(streams.Values.OrderBy(stream => stream.Number));

        // A stream that opened and closed without being reported is still an arrival.
        var gone = changes.Where(change => change.IsOpen && !streams.ContainsKey(change.Stream.Number)).Select(change => change.Stream).Take(MostWaiting / 4).ToList();
        changes.Clear();
        changes.AddRange(gone.SelectMany(stream => ((StreamEntry, bool)[])[(stream, true), (stream, false)]));
        probed.Clear();
        hidden.Clear();
        unseen.UnionWith(shown.Keys);
    }
}
